import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { bytes, percent } from '../../format/numbers';
import { formatName } from '../../format/words';
import { linkTo } from '../../state/address';
import type { Answer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { Table } from '../../ui/Table';

/** In which form results came. */
export function FormatTable({ answer }: { answer: Answer<CloudFetch> }): JSX.Element {
  return (
    <Card title="Formats of results" span="s6">
      <Answered
        answer={answer}
        height={230}
        empty={({ formats }) => formats.length === 0 && 'No statements in this window.'}
      >
        {({ formats }) => {
          const all = formats.reduce((sum, { statements }) => sum + statements, 0);
          return (
            <Table
              label="Formats of results"
              dense
              rows={formats}
              keyOf={({ format, compressed }) => `${format ?? ''} ${String(compressed)}`}
              sorted={2}
              columns={[
                {
                  name: 'Format',
                  value: ({ format }) => format,
                  cell: ({ format }) => (
                    <a href={linkTo('statements', { 'f.format': format ?? '(unknown)' })}>{nameOf(format)}</a>
                  ),
                },
                {
                  name: 'Compressed',
                  value: ({ compressed }) => (compressed === null ? null : compressed ? 'yes' : 'no'),
                },
                { name: 'Statements', right: true, value: ({ statements }) => statements },
                {
                  name: 'Share',
                  right: true,
                  value: ({ statements }) => statements / Math.max(1, all),
                  cell: ({ statements }) => percent(statements / Math.max(1, all)),
                },
                {
                  name: 'Bytes',
                  right: true,
                  value: (row) => row.bytes,
                  cell: (row) => (row.bytes === null ? <span class="unknown">unknown</span> : bytes(row.bytes)),
                },
              ]}
            />
          );
        }}
      </Answered>
    </Card>
  );
}

/** A statement without a result, failed for instance, has no format. */
const nameOf = (format: string | null): string => (format === null ? 'none told' : formatName(format));
