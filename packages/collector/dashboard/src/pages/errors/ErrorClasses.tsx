import type { JSX } from 'preact';
import type { Errors } from '../../../../lib/store/queries/errors';
import { filled } from '../../charts/filled';
import { Spark } from '../../charts/Spark';
import { count, percent } from '../../format/numbers';
import { interval } from '../../format/times';
import { meaningOf } from '../../format/meanings';
import { linkTo, only } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { StatementId } from '../../ui/StatementId';
import { type Column } from '../../ui/Table';
import { stackOf } from './ErrorChart';
import { kindName, kindsOf, type ErrorKind } from './errorKinds';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

/** Each class of errors: what it means, since when, whom it meets. */
export function ErrorClasses({ answer }: { answer: Answer<Errors> }): JSX.Element {
  return (
    <TableCard
      title="Error classes"
      sub="driver, server and network; never a message"
      answer={answer}
      height={220}
      none="Nothing failed in this window."
      rows={(errors) => (errors.errors === 0 ? [] : kindsOf(errors))}
      keyOf={({ kind }) => kind ?? ''}
      columns={columnsOf(valueOf(answer))}
      sortedBy="Count"
    />
  );
}

function columnsOf(errors: Errors | undefined): Column<ErrorKind>[] {
  const all = Math.max(1, errors?.errors ?? 1);
  return [
    ...nameColumns(errors),
    figure(
      'Count',
      (row) => row.errors,
      (errors) => <b class="strong">{count(errors)}</b>,
    ),
    figure(
      'Share',
      (row) => row.errors / all,
      (share) => <span class="quiet">{percent(share)}</span>,
    ),
    {
      name: 'Over time',
      sortable: false,
      value: () => null,
      cell: ({ kind }) => <Spark values={overTime(errors, kind)} color={colorOf(errors, kind)} width={116} />,
    },
    ...WHO_AND_WHEN,
  ];
}

function nameColumns(errors: Errors | undefined): Column<ErrorKind>[] {
  return [
    {
      name: 'Error class',
      value: ({ kind }) => kind,
      cell: (row) => <KindLink row={row} color={colorOf(errors, row.kind)} />,
    },
    {
      name: 'SQLSTATE',
      mono: true,
      value: ({ sqlState }) => sqlState,
      cell: ({ sqlState }) => sqlState ?? <span class="quiet">–</span>,
    },
    {
      name: 'Meaning',
      value: ({ errorClass, sqlState, httpStatus }) => meaningOf(errorClass, sqlState, httpStatus),
      cell: ({ errorClass, sqlState, httpStatus }) => (
        <span class="quiet">{meaningOf(errorClass, sqlState, httpStatus)}</span>
      ),
    },
  ];
}

const WHO_AND_WHEN: readonly Column<ErrorKind>[] = [
  {
    name: 'Service',
    value: ({ service }) => service,
    cell: ({ service, services }) => (
      <>
        {service ?? <span class="unknown">unknown</span>}
        {services > 1 && <span class="quiet"> +{services - 1}</span>}
      </>
    ),
  },
  {
    name: 'First, last seen',
    value: ({ firstMs }) => firstMs,
    cell: ({ firstMs, lastMs }) => <span class="quiet tn">{interval(firstMs, lastMs, false)}</span>,
  },
  { name: 'Example', value: ({ example }) => example, cell: ({ example }) => <StatementId id={example} /> },
];

/** The colour that the kind has in the chart. */
function colorOf(errors: Errors | undefined, kind: string | null): string {
  const kinds = errors === undefined ? [] : stackOf(errors).kinds;
  return kinds.find((one) => one.kind === kind)?.color ?? '--c7';
}

function overTime(errors: Errors | undefined, kind: string | null): number[] {
  if (errors === undefined) return [];
  const { fromMs, toMs } = timeWindow.value;
  const own = errors.series.filter((point) => point.kind === kind);
  return filled(own, fromMs, toMs, errors.bucketMs).map(({ of }) => of?.errors ?? 0);
}

/** To the statements that met it, where the collector can be asked for them. */
function KindLink({ row, color }: { row: ErrorKind; color: string }): JSX.Element {
  const { kind, errorClass, sqlState } = row;
  const filter =
    errorClass !== null ? only('errorClass', errorClass) : sqlState !== null ? only('sqlState', sqlState) : null;
  const name = kindName(kind);
  return (
    <>
      <i class="swatch" style={{ background: `var(${color})` }} />
      {filter === null ? name : <a href={linkTo('statements', filter)}>{name}</a>}
    </>
  );
}
