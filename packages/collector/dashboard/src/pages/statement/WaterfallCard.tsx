import type { ComponentChildren, JSX } from 'preact';
import { prose } from '../../format/prose';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { Waterfall } from '../../charts/Waterfall';
import { bytes, bytesParts, count, duration, percent, short, sumOf } from '../../format/numbers';
import { ChartCard } from '../../ui/ChartCard';
import { numbersOf } from '../../ui/Table';
import { phasesOf } from '../phases';
import { figure } from '../../ui/columns';
import { knownAnswer } from '../../state/answer';

/** Its phases, one after the other, as its driver saw them. */
export function WaterfallCard({ statement }: { statement: StatementSummary }): JSX.Element {
  const phases = phasesOf(statement);
  const sum = sumOf(phases, ({ value }) => value);
  return (
    <ChartCard
      title="Waterfall"
      sub="client side, from the driver"
      answer={knownAnswer(phases)}
      empty={() => sum === 0 && 'Its driver tells no duration above 0 ms.'}
      foot={prose('waterfall')}
      chart={() => (
        <>
          <Waterfall lanes={phases} label={phases.map(({ name, value }) => `${name} ${duration(value)}`).join(', ')} />
          <Figures statement={statement} />
        </>
      )}
      table={() =>
        numbersOf({
          label: 'Phases',
          rows: phases,
          keyOf: ({ name }) => name,
          columns: [
            { name: 'Phase', value: (row) => row.name },
            figure('Time', (row: (typeof phases)[number]) => row.value, duration),
            figure('Share', (row: (typeof phases)[number]) => (row.value === null ? null : row.value / sum), percent),
          ],
        })
      }
    />
  );
}

function Figures({ statement }: { statement: StatementSummary }): JSX.Element {
  const { pollCount, pollLatencyMs, firstRowLatencyMs, rowCount, byteCount, resultConsumptionLatencyMs } = statement;
  const seconds = resultConsumptionLatencyMs === null ? 0 : resultConsumptionLatencyMs / 1000;
  const rate = byteCount === null || seconds === 0 ? null : bytesParts(byteCount / seconds).join(' ');
  return (
    <div class="figures">
      <Figure name="Polls" note="while waiting">
        {pollCount === null ? 'unknown' : `${count(pollCount)}, ${duration(pollLatencyMs)} in all`}
      </Figure>
      <Figure name="First row" note="after submission">
        {duration(firstRowLatencyMs)}
      </Figure>
      <Figure name="Rows" note={byteCount === null ? 'bytes unknown' : bytes(byteCount)}>
        {count(rowCount)}
      </Figure>
      <Figure
        name="Reading speed"
        note={rowCount === null || seconds === 0 ? '' : `${short(Math.round(rowCount / seconds))} rows/s`}
      >
        {rate === null ? 'unknown' : `${rate}/s`}
      </Figure>
    </div>
  );
}

function Figure({ name, note, children }: { name: string; note: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <div class="quiet">{name}</div>
      <b>{children}</b>
      <div class="quiet">{note}</div>
    </div>
  );
}
