import type { JSX } from 'preact';
import type { Fleet, FleetGroup } from '../../../../lib/store/queries/fleet';
import { duration } from '../../format/numbers';
import { moment } from '../../format/times';
import { linkTo } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { CsvButton, Table, type Column } from '../../ui/Table';
import { failedShare, FailedShare, RetriedShare, retriedShare } from './shares';

interface Properties {
  readonly title: string;
  readonly name: string;
  /** Filter that a name sets; none where the API has none. */
  readonly filter?: string;
  readonly versions?: boolean;
  readonly span: string;
  readonly answer: Answer<Fleet>;
  readonly groups: (fleet: Fleet) => readonly FleetGroup[];
}

/** Statements by something they share. */
export function Groups({ title, name, filter, versions = false, span, answer, groups }: Properties): JSX.Element {
  const fleet = valueOf(answer);
  const rows = fleet === undefined ? [] : groups(fleet);
  const linkOf = (group: FleetGroup): string | null => (filter === undefined ? null : linkOfGroup(filter, group));
  const columns: readonly Column<FleetGroup>[] = [
    {
      name,
      value: (row) => row.name,
      cell: (row) => {
        const link = linkOf(row);
        return link === null ? (
          (row.name ?? <span class="unknown">unknown</span>)
        ) : (
          <a href={link}>{row.name ?? 'unknown'}</a>
        );
      },
    },
    ...(versions ? [{ name: 'Version', mono: true, value: (row: FleetGroup) => row.version }] : []),
    { name: 'Statements', right: true, value: (row) => row.statements },
    ...(versions ? [{ name: 'Services', right: true, value: (row: FleetGroup) => row.services }] : []),
    { name: 'Failed', right: true, value: failedShare, cell: (row) => <FailedShare group={row} /> },
    ...(versions
      ? []
      : [
          {
            name: 'Retried',
            right: true,
            value: retriedShare,
            cell: (row: FleetGroup) => <RetriedShare group={row} />,
          },
        ]),
    { name: 'p95', right: true, value: (row) => row.latency.p95, cell: (row) => duration(row.latency.p95) },
    {
      name: 'Last seen',
      right: true,
      value: (row) => row.lastMs,
      cell: (row) => <span class="quiet">{moment(row.lastMs)}</span>,
    },
  ];
  return (
    <Card title={title} span={span} actions={<CsvButton name={title.toLowerCase()} columns={columns} rows={rows} />}>
      <Answered answer={answer} height={140} empty={() => rows.length === 0 && 'None in this window.'}>
        {() => (
          <Table
            label={title}
            rows={rows}
            columns={columns}
            keyOf={(row) => `${row.name ?? ''} ${row.version ?? ''}`}
            linkOf={linkOf}
          />
        )}
      </Answered>
    </Card>
  );
}

const linkOfGroup = (filter: string, { name, version }: FleetGroup): string =>
  linkTo('statements', {
    [`f.${filter}`]: name ?? '(unknown)',
    ...(version === null ? {} : { 'f.driverVersion': version }),
  });
