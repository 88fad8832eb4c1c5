import type { JSX } from 'preact';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import type { Marker } from '../../../../lib/store/queries/markers';
import { bytes, duration, percent, sumOf } from '../../format/numbers';
import { formatName } from '../../format/words';
import { linkTo } from '../../state/address';
import { useAnswer, type Answer } from '../../state/answer';
import { question } from '../../state/window';
import { SeriesChart } from '../SeriesChart';
import { LabelledBar } from '../LabelledBar';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';
import { STATEMENT_COLUMNS, STATEMENT_ROWS } from '../statementColumns';

function useCloudFetch(): Answer<CloudFetch> {
  return useAnswer('cloudfetch', question.value);
}

/** Is the download the limit? */
export function CloudFetchCard({ markers }: { markers: readonly Marker[] }): JSX.Element {
  return (
    <SeriesChart
      title={<a href={linkTo('cloudfetch')}>CloudFetch</a>}
      name="Throughput"
      sub="bytes a second of one download"
      span="s4 n6"
      answer={useCloudFetch()}
      height={132}
      empty={({ statements, formats }) => statements === 0 && <Formats formats={formats} />}
      format={bytes}
      valueOf={({ bytesPerSecond }: CloudFetch['series'][number]) => bytesPerSecond}
      moments={markers.map(({ timeMs }) => timeMs)}
      below={({ formats }) => <Formats formats={formats} />}
    />
  );
}

/** As many as have room beside the charts. */
const SLOWEST = 7;

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
  const sum = sumOf(counts.values());
  if (sum === 0) return <>No result of this window tells its format.</>;
  const parts = [...counts].map(([format, statements], index) => ({
    name: formatName(format),
    value: statements,
    color: COLORS[format] ?? `--c${4 + (index % 3)}`,
    shown: percent(statements / sum),
  }));
  return (
    <div class="formats">
      <LabelledBar parts={parts} />
    </div>
  );
}

export function SlowestFiles(): JSX.Element {
  return (
    <TableCard
      title="Slowest files"
      span="s3"
      answer={useCloudFetch()}
      height={210}
      none="No file was downloaded in this window."
      label="Statements with the slowest files"
      rows={({ slowest }) => slowest.slice(0, SLOWEST)}
      columns={[
        STATEMENT_COLUMNS.id,
        figure('Files', (row: StatementSummary) => row.filesPresent),
        figure('Slowest', (row: StatementSummary) => row.slowestFileLatencyMs, duration),
      ]}
      {...STATEMENT_ROWS}
    />
  );
}
