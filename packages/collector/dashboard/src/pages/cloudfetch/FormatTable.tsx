import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { bytes, percent, sumOf } from '../../format/numbers';
import { formatName } from '../../format/words';
import { linkTo, only } from '../../state/address';
import type { Answer } from '../../state/answer';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';
import { valueOf } from '../../state/answer';

type Format = CloudFetch['formats'][number];

/** In which form results came. */
export function FormatTable({ answer }: { answer: Answer<CloudFetch> }): JSX.Element {
  const all = sumOf(valueOf(answer)?.formats ?? [], ({ statements }) => statements);
  return (
    <TableCard
      title="Formats of results"
      span="s6"
      answer={answer}
      height={230}
      none="No statements in this window."
      dense
      rows={({ formats }) => formats}
      keyOf={({ format, compressed }) => `${format ?? ''} ${String(compressed)}`}
      sortedBy="Statements"
      columns={[
        {
          name: 'Format',
          value: ({ format }) => format,
          cell: ({ format }) => <a href={linkTo('statements', only('format', format))}>{nameOf(format)}</a>,
        },
        { name: 'Compressed', value: ({ compressed }) => (compressed === null ? null : compressed ? 'yes' : 'no') },
        figure('Statements', ({ statements }: Format) => statements),
        figure('Share', ({ statements }: Format) => statements / Math.max(1, all), percent),
        figure('Bytes', (row: Format) => row.bytes, bytes),
      ]}
    />
  );
}

/** A statement without a result, failed for instance, has no format. */
const nameOf = (format: string | null): string => (format === null ? 'none told' : formatName(format));
