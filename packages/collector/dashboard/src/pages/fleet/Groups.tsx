import type { JSX } from 'preact';
import type { Fleet, FleetGroup } from '../../../../lib/store/queries/fleet';
import { duration } from '../../format/numbers';
import { moment } from '../../format/times';
import { valueName } from '../../format/words';
import { linkTo, only } from '../../state/address';
import { type Answer } from '../../state/answer';
import { type Column } from '../../ui/Table';
import { FAILED, RETRIED, STATEMENTS } from './shares';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

interface Properties {
  readonly title: string;
  readonly sub?: string;
  readonly name: string;
  /** Filter that a name sets; none where the API has none. */
  readonly filter?: string;
  readonly versions?: boolean;
  readonly span: string;
  readonly answer: Answer<Fleet>;
  readonly groups: (fleet: Fleet) => readonly FleetGroup[];
}

/** Statements by something they share. */
export function Groups(properties: Properties): JSX.Element {
  const { title, sub, name, filter, versions = false, span, answer, groups } = properties;
  const linkOf = (group: FleetGroup): string | null => (filter === undefined ? null : linkOfGroup(filter, group));
  const columns: readonly Column<FleetGroup>[] = [
    {
      name,
      value: (row) => row.name,
      cell: (row) => {
        const [link, shown] = [linkOf(row), valueName(filter ?? '', row.name)];
        return (
          <>
            {link === null ? shown : <a href={link}>{shown}</a>}
            {row.name !== null && shown !== row.name && <span class="quiet mono"> {row.name}</span>}
          </>
        );
      },
    },
    ...(versions ? [{ name: 'Version', mono: true, value: (row: FleetGroup) => row.version }] : []),
    STATEMENTS,
    ...(versions ? [figure('Services', (row: FleetGroup) => row.services)] : []),
    FAILED,
    ...(versions ? [] : [RETRIED]),
    figure('p95', (row) => row.latency.p95, duration),
    {
      name: 'Last seen',
      right: true,
      value: (row) => row.lastMs,
      cell: (row) => <span class="quiet">{moment(row.lastMs)}</span>,
    },
  ];
  return (
    <TableCard
      title={title}
      sub={sub}
      span={span}
      answer={answer}
      height={140}
      none="None in this window."
      rows={groups}
      columns={columns}
      keyOf={(row) => `${row.name ?? ''} ${row.version ?? ''}`}
      linkOf={linkOf}
    />
  );
}

const linkOfGroup = (filter: string, { name, version }: FleetGroup): string =>
  linkTo('statements', {
    ...only(filter, name),
    ...(version === null ? {} : { 'f.driverVersion': version }),
  });
