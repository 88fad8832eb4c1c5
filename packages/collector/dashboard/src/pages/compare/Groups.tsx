import type { JSX } from 'preact';
import type { ComparedGroup } from '../../../../lib/store/queries/compare';
import type { Difference } from '../../../../lib/store/statistics/intervals';
import { count, duration } from '../../format/numbers';
import { valueName } from '../../format/words';
import { change, linkTo, only, parameter } from '../../state/address';
import { useAnswer } from '../../state/answer';
import { measure } from '../../state/window';
import { Segments } from '../../ui/Segments';
import { type Column } from '../../ui/Table';
import { changeOf, intervalOf } from './changes';
import { type Compared, bothOf } from './windows';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

const BY = [
  { value: 'service', label: 'Service' },
  { value: 'warehouse', label: 'Warehouse' },
  { value: 'driverVersion', label: 'Driver version' },
  { value: 'runtimeVersion', label: 'Runtime' },
  { value: 'host', label: 'Host' },
] as const;

/** Who changed: the comparison for each service, warehouse or version. */
export function Groups({ compared }: { compared: Compared }): JSX.Element {
  const by = BY.find(({ value }) => value === parameter('by'))?.value ?? 'service';
  const asked = { ...bothOf(compared), by };
  const answer = useAnswer('compare', asked);
  return (
    <TableCard
      title="Who changed"
      sub={`${measure.value.label.toLowerCase()} latency, A and B`}
      actions={
        <Segments
          label="By"
          options={BY}
          value={by}
          onChange={(value) => change({ by: value === 'service' ? null : value })}
        />
      }
      answer={answer}
      height={220}
      none="No statements in either window."
      rows={({ groups }) => groups}
      keyOf={({ value }) => value ?? ''}
      columns={columnsOf(by)}
    />
  );
}

function columnsOf(by: (typeof BY)[number]['value']): Column<ComparedGroup>[] {
  const label = BY.find(({ value }) => value === by)?.label ?? '';
  return [
    {
      name: label,
      value: ({ value }) => value,
      cell: ({ value }) => <a href={linkTo('compare', only(by, value))}>{valueName(by, value)}</a>,
    },
    figure('In A', ({ statements }) => statements.b, count),
    figure('In B', ({ statements }) => statements.a, count),
    ...quantileColumns('p50', ({ p50 }) => p50),
    ...quantileColumns('p95', ({ p95 }) => p95),
  ];
}

/** The API's `a` is B of the page. */
function quantileColumns(name: string, of: (group: ComparedGroup) => Difference): Column<ComparedGroup>[] {
  return [
    {
      name: `${name}, A → B`,
      right: true,
      value: (group) => of(group).a,
      cell: (group) => `${duration(of(group).b)} → ${duration(of(group).a)}`,
    },
    {
      name: `${name} change`,
      right: true,
      value: (group) => of(group).difference,
      cell: (group) => <Word difference={of(group)} />,
    },
  ];
}

function Word({ difference }: { difference: Difference }): JSX.Element {
  const found = changeOf(difference);
  switch (found.kind) {
    case 'unknown':
      return <span class="unknown">too few</span>;
    case 'chance':
      return (
        <span class="quiet" title={intervalOf(difference)}>
          within chance
        </span>
      );
    case 'more':
    case 'less':
      return (
        <span title={intervalOf(difference)}>
          <b class={found.kind === 'more' ? 'is-bad' : 'is-good'}>{found.words}</b>{' '}
          <span class="quiet">{intervalOf(difference)}</span>
        </span>
      );
  }
}
