import type { JSX } from 'preact';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { shareOf } from '../../charts/frame';
import { count, duration, percent, plural, tickLabel } from '../../format/numbers';
import { operationName } from '../../format/words';
import { ChartCard } from '../../ui/ChartCard';
import { numbersOf } from '../../ui/Table';
import { figure } from '../../ui/columns';
import { knownAnswer } from '../../state/answer';

const TICKS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];

/** Per cent of the width that half a label takes. */
const EDGE = 3;

/** Is this one unusual among its kind? */
export function Peers({ detail }: { detail: StatementDetail }): JSX.Element {
  const { statement, peers, peerHistogram } = detail;
  return (
    <ChartCard
      title="Among its peers"
      sub={`${plural(peers.count, operationName(statement.operationType), operationName(statement.operationType))} of ${statement.service ?? 'unknown services'} within an hour`}
      answer={knownAnswer(peerHistogram)}
      empty={(steps) => steps.length < 2 && 'No other statement of its service and operation within an hour.'}
      chart={() => <Chart detail={detail} />}
      table={(steps) =>
        numbersOf({
          label: 'Latency of its peers',
          rows: steps,
          keyOf: ({ fromMs }) => fromMs,
          columns: [
            {
              name: 'Total',
              value: (row) => row.fromMs,
              cell: (row) => `${duration(row.fromMs)} – ${duration(row.toMs)}`,
            },
            figure('Statements', (row: (typeof steps)[number]) => row.statements),
          ],
        })
      }
    />
  );
}

function Chart({ detail: { statement, peers, peerHistogram, fasterPeers } }: { detail: StatementDetail }): JSX.Element {
  const from = (peerHistogram[0]?.fromMs ?? 1) / 1.3;
  const to = (peerHistogram.at(-1)?.toMs ?? 10) * 1.3;
  const at = (ms: number): number => shareOf({ from, to, log: true }, Math.max(ms, from)) * 100;
  const tallest = Math.max(1, ...peerHistogram.map(({ statements }) => statements));
  // Labels of ticks that would touch are left out.
  let free = EDGE;
  const ticks = TICKS_MS.filter((ms) => {
    if (at(ms) < free || at(ms) > 100 - EDGE) return false;
    free = at(ms) + 8;
    return true;
  });
  const { totalLatencyMs } = statement;
  const sentence =
    `${count(peers.count)} peers, half within ${duration(peers.p50)}, 95% within ${duration(peers.p95)}. ` +
    (fasterPeers === null
      ? ''
      : `This one took ${duration(totalLatencyMs)}, longer than ${percent(fasterPeers)} of them.`);
  return (
    <>
      <div class="peers" role="img" aria-label={sentence}>
        {peerHistogram.map(({ fromMs, toMs, statements }) => (
          <i
            key={fromMs}
            title={`${duration(fromMs)} – ${duration(toMs)}: ${count(statements)}`}
            style={{
              left: `${at(fromMs)}%`,
              width: `calc(${at(toMs) - at(fromMs)}% - 1px)`,
              height: `${(statements / tallest) * 100}%`,
            }}
          />
        ))}
        {totalLatencyMs !== null && (
          <u style={{ left: `${Math.min(99.5, at(totalLatencyMs))}%` }}>
            <b>this one</b>
          </u>
        )}
      </div>
      <div class="peer-ticks" aria-hidden="true">
        {ticks.map((ms) => (
          <span key={ms} style={{ left: `${at(ms)}%` }}>
            {tickLabel(ms)}
          </span>
        ))}
      </div>
    </>
  );
}
