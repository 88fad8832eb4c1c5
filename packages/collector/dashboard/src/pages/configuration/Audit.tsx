import type { JSX } from 'preact';
import type { AuditEntry } from '../../../../lib/steering/ConfigurationFile';
import { clock, day } from '../../format/times';
import { Card } from '../../ui/Panel';
import { CsvButton, Table, type Column } from '../../ui/Table';
import { wordsOf } from './services';

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
    <Card
      title="Last changes"
      sub="as their authors named themselves"
      actions={<CsvButton name="changes" columns={COLUMNS} rows={entries} />}
    >
      {entries.length === 0 ? (
        <div class="nothing">Nothing was changed yet.</div>
      ) : (
        <Table label="Last changes" rows={entries} columns={COLUMNS} keyOf={({ atMs }, index) => `${atMs} ${index}`} />
      )}
    </Card>
  );
}
