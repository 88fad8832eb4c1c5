import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { StackBar } from '../../charts/StackBar';
import { duration, percent, sumOf } from '../../format/numbers';
import { ChartCard } from '../../ui/ChartCard';
import { Legend } from '../../ui/Legend';
import { numbersOf } from '../../ui/Table';
import { serverParts, type TimePart } from '../timeParts';
import { figure } from '../../ui/columns';
import { knownAnswer } from '../../state/answer';

/** Milliseconds of each part; empty when the query history does not know the statement. */
function partsOf({ server, statement }: StatementDetail): readonly TimePart[] {
  if (server === null) return [];
  const total = server.totalMs ?? 0;
  const named = (server.waitingForComputeMs ?? 0) + (server.waitingAtCapacityMs ?? 0) + (server.compilationMs ?? 0);
  return serverParts(
    {
      coldStartMs: server.waitingForComputeMs,
      queuedMs: server.waitingAtCapacityMs,
      compilationMs: server.compilationMs,
      executionMs: server.executionMs,
      serverOtherMs: total - named - (server.executionMs ?? 0),
      networkAndPollingMs: statement.latencyMs === null ? null : statement.latencyMs - total,
      clientMs: statement.resultConsumptionLatencyMs,
      serverResultFetchMs: server.resultFetchMs,
    },
    1,
  );
}

/** Warehouse, network or the reader's own code: both sides of one statement. */
export function ServerSideCard({ detail }: { detail: StatementDetail }): JSX.Element {
  const parts = partsOf(detail);
  const sum = sumOf(parts, ({ value }) => value);
  const words = parts.map(({ name, value }) => `${name} ${duration(value)}`).join(', ');
  return (
    <ChartCard
      title="Client × server"
      sub={
        <>
          joined on the id with <span class="mono">system.query.history</span>
        </>
      }
      answer={knownAnswer(parts)}
      empty={() => parts.length === 0 && prose('no-history')}
      chart={() => (
        <>
          <StackBar big label={words} parts={parts} />
          <div class="sides">
            {parts.map(({ name, color, value }) => (
              <div key={name}>
                <Legend entries={[{ name, color }]} />
                <b>{value === 0 ? 'none' : duration(value)}</b>
                <span class="quiet">{value === null ? '' : percent(value / Math.max(1, sum))}</span>
              </div>
            ))}
          </div>
        </>
      )}
      table={() =>
        numbersOf({
          label: 'Client and server',
          rows: parts,
          keyOf: ({ name }) => name,
          columns: [
            { name: 'Part', value: (row) => row.name },
            figure('Time', (row: TimePart) => row.value, duration),
            figure('Share', (row: TimePart) => (row.value === null ? null : row.value / Math.max(1, sum)), percent),
          ],
        })
      }
    />
  );
}
