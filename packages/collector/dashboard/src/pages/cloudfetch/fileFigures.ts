import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { bytes, bytesParts, count, duration, durationParts, short } from '../../format/numbers';
import type { StripFigure } from '../../ui/FigureStrip';

/** Adds up what is known; null when nothing is. */
function sumOf(...values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

export function figuresOf(files: CloudFetch): readonly StripFigure[] {
  const { slowestFile, firstFile } = files;
  const trouble = sumOf(files.filesFailed, files.filesExpired);
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
