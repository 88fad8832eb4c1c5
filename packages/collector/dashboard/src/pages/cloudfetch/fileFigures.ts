import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { bytes, bytesParts, count, duration, durationParts, short, sumOf } from '../../format/numbers';
import type { StripFigure } from '../../ui/FigureStrip';

export function figuresOf(files: CloudFetch): readonly StripFigure[] {
  const { slowestFile, firstFile } = files;
  const failed = [files.filesFailed, files.filesExpired];
  const trouble = failed.every((count) => count === null) ? null : sumOf(failed);
  return [
    {
      name: 'Statements with files',
      figure: [short(files.statements), ''],
      note: `${short(files.filesPresent)} files`,
    },
    {
      name: 'Bytes',
      figure: files.bytes === null ? null : bytesParts(files.bytes),
      note:
        files.bytes === null
          ? 'the drivers do not tell'
          : `${bytes(files.bytes / Math.max(1, files.statements))} a statement`,
    },
    {
      name: 'One download',
      figure: files.bytesPerSecond === null ? null : perSecond(files.bytesPerSecond),
      note: 'bytes over time of download',
    },
    {
      name: 'Slowest file, p95',
      figure: slowestFile.p95 === null ? null : durationParts(slowestFile.p95),
      note: `half ${duration(slowestFile.p50)}, worst ${duration(slowestFile.max)}`,
    },
    {
      name: 'First file, p95',
      figure: firstFile.p95 === null ? null : durationParts(firstFile.p95),
      note: `half ${duration(firstFile.p50)}, worst ${duration(firstFile.max)}`,
    },
    {
      name: 'Failed or expired',
      figure: trouble === null ? null : [count(trouble), ''],
      note: files.filesRetried === null ? 'files' : `files; ${count(files.filesRetried)} asked for again`,
    },
  ];
}

function perSecond(value: number): StripFigure['figure'] {
  const [figure, unit] = bytesParts(value);
  return [figure, `${unit}/s`];
}
