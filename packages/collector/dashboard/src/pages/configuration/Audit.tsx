import type { JSX } from 'preact';
import type { AuditEntry } from '../../../../lib/steering/rules';
import { clock, day } from '../../format/times';
import { type Column } from '../../ui/Table';
import { wordsOf } from './services';
import { TableCard } from '../../ui/TableCard';
import { knownAnswer } from '../../state/answer';

const COLUMNS: readonly Column<AuditEntry>[] = [
  {
    name: 'When',
    value: (row) => row.atMs,
    cell: ({ atMs }) => <span class="quiet">{`${day(atMs)} ${clock(atMs)}`}</span>,
  },
  { name: 'What', value: ({ set }) => (set === null ? 'rule taken back' : wordsOf(set)) },
  { name: 'For', value: ({ scope, name }) => (scope === 'all' ? 'all services' : name) },
  { name: 'By', value: (row) => row.by },
];

/** What was changed here, when, by whom. */
export function Audit({ entries }: { entries: readonly AuditEntry[] }): JSX.Element {
  return (
    <TableCard
      title="Last changes"
      sub="as their authors named themselves"
      answer={knownAnswer(entries)}
      none="Nothing was changed yet."
      rows={(all) => all}
      columns={COLUMNS}
      keyOf={({ atMs }, index) => `${atMs} ${index}`}
    />
  );
}
