import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { ClientServer, ServiceTime } from '../../../../lib/store/queries/clientServer';
import { StackBar } from '../../charts/StackBar';
import { duration, percent, sumOf } from '../../format/numbers';
import { linkTo, only } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { figure } from '../../ui/columns';
import { Legend } from '../../ui/Legend';
import { Table } from '../../ui/Table';
import { clientParts, serverParts, type TimePart } from '../timeParts';

const SHOWN = 6;

/** Of the services that take most time: which part of it is the warehouse's, the network's, their own. */
export function WhereTimeGoes(): JSX.Element {
  const answer = useAnswer('clientServer', question.value);
  const known = valueOf(answer);
  return (
    <ChartCard
      title="Where the time goes"
      sub="mean per statement"
      span="s5 n6"
      answer={answer}
      height={210}
      empty={({ services }) => services.length === 0 && 'No statement in this window.'}
      foot={known !== undefined && known.statements > 0 ? footOf(known) : undefined}
      chart={(value) => <Chart value={value} />}
      table={(value) => <Numbers value={value} />}
    />
  );
}

function footOf({ joined, statements }: ClientServer): string {
  if (joined === 0) return prose('one-side');
  return `Server side known for ${percent(joined / statements)}: query history lags up to 60 min.`;
}

/** Mean milliseconds of each part; of both sides where the history knows the service. */
function partsOf({ server, client, joined, statements }: ServiceTime): readonly TimePart[] {
  return joined > 0 ? serverParts(server, joined) : clientParts(client, statements);
}

const total = (parts: readonly TimePart[]): number => sumOf(parts, ({ value }) => Math.max(0, value ?? 0));

function Chart({ value }: { value: ClientServer }): JSX.Element {
  const rows = value.services.slice(0, SHOWN).map((service) => ({ service, parts: partsOf(service) }));
  const legend = new Map(rows.flatMap(({ parts }) => parts.map(({ name, color }) => [name, color] as const)));
  return (
    <>
      <div class="time-rows">
        {rows.map(({ service: { service }, parts }) => (
          <a key={service} class="time-row" href={linkTo('statements', only('service', service))}>
            <span class="nm">{service ?? 'unknown'}</span>
            <StackBar parts={parts} label={parts.map(({ name, value }) => `${name} ${duration(value)}`).join(', ')} />
            <span class="tn">{duration(total(parts))}</span>
          </a>
        ))}
      </div>
      <Legend entries={[...legend].map(([name, color]) => ({ name, color }))} />
    </>
  );
}

function Numbers({ value }: { value: ClientServer }): JSX.Element {
  const rows = value.services.map((service) => ({ service, parts: partsOf(service) }));
  const names = [...new Set(rows.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  return (
    <Table
      label="Where the time goes"
      dense
      rows={rows}
      keyOf={({ service }) => service.service ?? ''}
      columns={[
        { name: 'Service', value: ({ service }) => service.service },
        ...names.map((name) =>
          figure(
            name,
            ({ parts }: (typeof rows)[number]) => parts.find((part) => part.name === name)?.value ?? null,
            duration,
          ),
        ),
      ]}
    />
  );
}
