import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { ConfigurationView } from '../../../../lib/steering/Steering';
import { countOrDash, plural, sumOf } from '../../format/numbers';
import { ago } from '../../format/times';
import { useAnswer } from '../../state/answer';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

type Account = NonNullable<ConfigurationView['senders'][number]['account']>;
type Count = Exclude<keyof Account, 'dropped'>;

interface Reporter {
  readonly service: string | null;
  readonly accounts: readonly Account[];
  readonly lastMs: number;
}

/** What the library in each service says became of its records. */
export function Reporters(): JSX.Element {
  const answer = useAnswer('configuration');
  return (
    <TableCard
      title="Reporters"
      sub="collected = delivered + rejected + dropped + sampled out + waiting"
      answer={answer}
      none={prose('no-reporters')}
      foot={prose('reporters')}
      rows={reportersOf}
      keyOf={({ service }) => service ?? ''}
      columns={[
        { name: 'Service', value: ({ service }) => service },
        figure('Processes', ({ accounts }: Reporter) => accounts.length),
        counted('Collected', 'collected'),
        counted('Delivered', 'delivered'),
        counted('Rejected', 'rejected', 'is-bad'),
        figure('Dropped', (row: Reporter) => sumOf(droppedOf(row).values()), tinted('is-bad')),
        { name: 'Why dropped', value: (row) => wordsOf(droppedOf(row)) },
        counted('Sampled out', 'sampled'),
        counted('Waiting', 'pending'),
        {
          name: 'Told',
          right: true,
          value: ({ lastMs }) => lastMs,
          cell: ({ lastMs }) => <span class="quiet">{ago(lastMs)}</span>,
        },
      ]}
    />
  );
}

const tinted =
  (tint: string) =>
  (value: number | null): JSX.Element => <span class={value === 0 ? 'quiet' : tint}>{countOrDash(value)}</span>;

const counted = (name: string, of: Count, tint = ''): ReturnType<typeof figure<Reporter>> =>
  figure(name, ({ accounts }) => sumOf(accounts, (account) => account[of]), tinted(tint));

function reportersOf({ senders }: ConfigurationView): readonly Reporter[] {
  const found = new Map<string | null, Reporter>();
  for (const { service, account, lastMs } of senders) {
    const before = found.get(service);
    if (account === null) continue;
    found.set(service, {
      service,
      accounts: [...(before?.accounts ?? []), account],
      lastMs: Math.max(lastMs, before?.lastMs ?? 0),
    });
  }
  return [...found.values()];
}

function droppedOf({ accounts }: Reporter): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { dropped } of accounts) {
    for (const { reason, count } of dropped) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return sums;
}

const wordsOf = (counts: Map<string, number>): string =>
  [...counts].map(([reason, count]) => `${plural(count, reason, reason)}`).join(', ');
