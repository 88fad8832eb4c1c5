import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import type { Marker } from '../../../../lib/store/queries/markers';
import { Lines } from '../../charts/Lines';
import { StackBar } from '../../charts/StackBar';
import { filled } from '../../charts/filled';
import { bytes, count, duration, percent, plural } from '../../format/numbers';
import { interval } from '../../format/times';
import { formatName } from '../../format/words';
import { linkTo } from '../../state/address';
import { useAnswer, type Answer } from '../../state/answer';
import { question, timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { Legend } from '../../ui/Legend';
import { Answered, Card } from '../../ui/Panel';
import { StatementId } from '../../ui/StatementId';
import { Table } from '../../ui/Table';

function useCloudFetch(): Answer<CloudFetch> {
  return useAnswer('cloudfetch', question.value, (collector, asked) => collector.cloudfetch(asked));
}

/** Is the download the limit? */
export function CloudFetchCard({ markers }: { markers: readonly Marker[] }): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  return (
    <ChartCard
      title={<a href={linkTo('cloudfetch')}>CloudFetch</a>}
      sub="bytes a second of one download"
      span="s4 n6"
      answer={useCloudFetch()}
      height={210}
      empty={({ statements, formats }) => statements === 0 && <Formats formats={formats} />}
      chart={({ series, bucketMs, formats }) => {
        const points = filled(series, fromMs, toMs, bucketMs);
        return (
          <div class="body">
            <Lines
              fromMs={fromMs}
              toMs={toMs}
              timesMs={points.map(({ timeMs }) => timeMs + bucketMs / 2)}
              lines={[
                { name: 'Throughput', color: '--c1', values: points.map(({ of }) => of?.bytesPerSecond ?? null) },
              ]}
              format={bytes}
              height={132}
              moments={markers.map(({ timeMs }) => timeMs)}
              area
              label="Bytes a second of one download over time"
            />
            <Formats formats={formats} />
          </div>
        );
      }}
      table={({ series, bucketMs }) => (
        <Table
          label="CloudFetch over time"
          dense
          rows={series}
          keyOf={({ timeMs }) => timeMs}
          columns={[
            {
              name: 'Time',
              value: (row) => row.timeMs,
              cell: ({ timeMs }) => interval(timeMs, timeMs + bucketMs, false),
            },
            { name: 'Files', right: true, value: (row) => row.files },
            {
              name: 'Bytes/s',
              right: true,
              value: (row) => row.bytesPerSecond,
              cell: (row) => bytes(row.bytesPerSecond),
            },
          ]}
        />
      )}
    />
  );
}

const COLORS: Readonly<Record<string, string>> = {
  INLINE_ARROW: '--c1',
  EXTERNAL_LINKS: '--c3',
  COLUMNAR_INLINE: '--c7',
};

/** In which form results came. */
function Formats({ formats }: { formats: CloudFetch['formats'] }): JSX.Element {
  const counts = new Map<string, number>();
  for (const { format, statements } of formats) {
    if (format !== null) counts.set(format, (counts.get(format) ?? 0) + statements);
  }
  const sum = [...counts.values()].reduce((all, one) => all + one, 0);
  if (sum === 0) return <>No result of this window tells its format.</>;
  const parts = [...counts].map(([format, statements], index) => ({
    name: formatName(format),
    value: statements,
    color: COLORS[format] ?? `--c${4 + (index % 3)}`,
    share: percent(statements / sum),
  }));
  return (
    <div class="formats">
      <StackBar parts={parts} label={parts.map(({ name, share }) => `${name} ${share}`).join(', ')} />
      <Legend entries={parts.map(({ name, color, share }) => ({ name, color, value: share }))} />
    </div>
  );
}

export function SlowestFiles(): JSX.Element {
  return (
    <Card title="Slowest files" span="s3">
      <Answered
        answer={useCloudFetch()}
        height={210}
        empty={({ slowest }) => slowest.length === 0 && 'No file was downloaded in this window.'}
      >
        {({ slowest }) => (
          <Table
            label="Statements with the slowest files"
            rows={slowest.slice(0, 7)}
            keyOf={({ statementId }, index) => statementId ?? index}
            linkOf={({ statementId }) => (statementId === null ? null : linkTo('statement', {}, statementId))}
            idOf={({ statementId }) => statementId}
            columns={[
              {
                name: 'Statement',
                value: (row) => row.statementId,
                cell: (row) => <StatementId id={row.statementId} />,
              },
              {
                name: 'Files',
                right: true,
                value: (row) => row.filesPresent,
                cell: ({ filesPresent }) => (
                  <span class="quiet" title={filesPresent === null ? undefined : plural(filesPresent, 'file')}>
                    {count(filesPresent)}
                  </span>
                ),
              },
              {
                name: 'Slowest',
                right: true,
                value: (row) => row.slowestFileLatencyMs,
                cell: (row) => duration(row.slowestFileLatencyMs),
              },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}
