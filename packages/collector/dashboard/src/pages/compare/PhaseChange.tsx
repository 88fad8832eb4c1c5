import type { JSX } from 'preact';
import type { Overview } from '../../../../lib/store/queries/overview';
import { StackBar } from '../../charts/StackBar';
import { duration } from '../../format/numbers';
import { useAnswer, valueOf, type Answer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { figure } from '../../ui/columns';
import { Table } from '../../ui/Table';
import { meanPhases } from '../meanPhases';
import { questionOf, type Compared, type Span } from './windows';

const PHASES = [
  { phase: 'submit', name: 'Submit', color: '--p-submit' },
  { phase: 'wait', name: 'Wait', color: '--p-wait' },
  { phase: 'consume', name: 'Consume', color: '--p-consume' },
  { phase: 'close', name: 'Close', color: '--p-close' },
] as const;

interface Row {
  readonly name: string;
  readonly color: string;
  readonly a: number | null;
  readonly b: number | null;
}

const useOverview = (span: Span): Answer<Overview> => useAnswer('overview', questionOf(span));

/** What grew: the mean of each phase in A and in B. */
export function PhaseChange({ compared: { a, b } }: { compared: Compared }): JSX.Element {
  const [ofA, ofB] = [useOverview(a), useOverview(b)];
  const before = valueOf(ofA);
  return (
    <Card title="Mean phases" sub="what grew" span="s5" foot="Each over the statements whose driver tells it.">
      <Answered answer={before === undefined ? ofA : ofB} height={260}>
        {(after) => {
          const [ofA, ofB] = [meanPhases(before), meanPhases(after)];
          const rows = PHASES.map(({ phase, name, color }): Row => ({
            name,
            color,
            a: ofA.get(phase) ?? null,
            b: ofB.get(phase) ?? null,
          }));
          return <Phases rows={rows} />;
        }}
      </Answered>
    </Card>
  );
}

function Phases({ rows }: { rows: readonly Row[] }): JSX.Element {
  // Null where no phase is told.
  const sum = (side: 'a' | 'b'): number | null =>
    rows.reduce<number | null>((all, row) => (row[side] === null ? all : (all ?? 0) + row[side]), null);
  const widest = Math.max(sum('a') ?? 0, sum('b') ?? 0);
  const bar = (side: 'a' | 'b', name: string): JSX.Element => (
    <div class="pair">
      <b>{name}</b>
      <StackBar
        parts={rows.map((row) => ({ name: row.name, color: row.color, value: row[side] }))}
        of={widest}
        big
        label={`${name}: ${rows.map((row) => `${row.name} ${duration(row[side])}`).join(', ')}`}
      />
      <span class="tn">{duration(sum(side))}</span>
    </div>
  );
  return (
    <>
      <div class="body">
        {bar('a', 'A')}
        {bar('b', 'B')}
      </div>
      <Table
        label="Mean phases of A and B"
        dense
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          {
            name: 'Phase',
            sortable: false,
            value: ({ name }) => name,
            cell: ({ name, color }) => (
              <>
                <i class="swatch" style={{ background: `var(${color})` }} />
                {name}
              </>
            ),
          },
          figure('A', (row: Row) => row.a, duration, { sortable: false }),
          figure('B', (row: Row) => row.b, duration, { sortable: false }),
          { name: 'Grew by', right: true, sortable: false, value: growthOf, cell: (row) => <Growth row={row} /> },
        ]}
      />
    </>
  );
}

const growthOf = ({ a, b }: Row): number | null => (a === null || b === null ? null : b - a);

/** What is under a tenth of the mean, or five milliseconds, is called the same. */
function Growth({ row }: { row: Row }): JSX.Element {
  const by = growthOf(row);
  if (by === null) return <span class="unknown">unknown</span>;
  if (Math.abs(by) < Math.max(5, 0.1 * (row.a ?? 0))) return <span class="quiet">same</span>;
  return <b class="strong">{`${by < 0 ? '−' : '+'}${duration(Math.abs(by))}`}</b>;
}
