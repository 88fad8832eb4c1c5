import type { JSX } from 'preact';
import type { Finding } from '../../../../lib/store/queries/findings';
import type { Fleet, FleetGroup } from '../../../../lib/store/queries/fleet';
import { Ramp } from '../../charts/Ramp';
import { count, duration, percent, sumOf } from '../../format/numbers';
import { interval } from '../../format/times';
import { change, linkTo, only, parameter } from '../../state/address';
import { useAnswer, valueOf, type Answer } from '../../state/answer';
import { question } from '../../state/window';
import { type Column } from '../../ui/Table';
import { notesOf, type Note } from './notes';
import { FAILED, RETRIED, STATEMENTS } from './shares';
import { Strip, usualOf } from './Strip';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

/** The services, those first that take most time. */
export function ServicesCard({ answer }: { answer: Answer<Fleet> }): JSX.Element {
  const text = parameter('find') ?? '';
  const fleet = valueOf(answer);
  const findings = useAnswer('findings', question.value);
  return (
    <TableCard
      title="Services"
      sub={fleet !== undefined && `${fleet.services.length} with records, ordered by the time they take`}
      actions={
        <>
          <Ramp least="p95 as usual" most="6×" />
          <input
            type="search"
            data-find
            placeholder="Find a service   /"
            aria-label="Find a service"
            value={text}
            onInput={(event) => change({ find: event.currentTarget.value || null }, true)}
          />
        </>
      }
      foot={
        <>
          Should one of them send less? <a href={linkTo('configuration')}>Configuration</a> turns it down, or off.
        </>
      }
      answer={answer}
      height={240}
      none={text === '' ? 'No statement in this window.' : 'No service has that in its name.'}
      rows={({ services }) =>
        services
          .filter(({ name }) => (name ?? 'unknown').toLowerCase().includes(text.toLowerCase()))
          .sort((a, b) => (b.totalMs ?? 0) - (a.totalMs ?? 0))
      }
      columns={fleet === undefined ? [] : columnsOf(fleet, valueOf(findings)?.findings ?? NONE)}
      keyOf={({ name }) => name ?? ''}
      sortedBy="Share of time"
      linkOf={({ name }) => linkTo('statements', only('service', name))}
    />
  );
}

const NONE: readonly never[] = [];

function columnsOf({ services, strips, bucketMs }: Fleet, findings: readonly Finding[]): readonly Column<FleetGroup>[] {
  const sum = sumOf(services, ({ totalMs }) => totalMs);
  const share = ({ totalMs }: FleetGroup): number | null => (totalMs === null || sum === 0 ? null : totalMs / sum);
  const stripOf = new Map(strips.map(({ service, points }) => [service, points]));
  return [
    {
      name: 'Service',
      value: ({ name }) => name,
      cell: ({ name }) => <a href={linkTo('statements', only('service', name))}>{name ?? 'unknown'}</a>,
    },
    {
      name: 'Share of time',
      right: true,
      value: share,
      cell: (row) => (
        <span class="share">
          <i class="share-bar">
            <i style={{ width: `${(share(row) ?? 0) * 100}%` }} />
          </i>
          {percent(share(row))}
        </span>
      ),
    },
    STATEMENTS,
    FAILED,
    RETRIED,
    figure('p50', ({ latency }) => latency.p50, duration),
    figure('p95', ({ latency }) => latency.p95, duration),
    {
      name: 'p95 against usual',
      hint: 'Darker: up to six times its own usual p95, the median of the window',
      value: ({ name }) => usualOf(stripOf.get(name) ?? []),
      cell: ({ name }) => (
        <Strip points={stripOf.get(name) ?? []} describe={(ms) => interval(ms, ms + bucketMs, false)} />
      ),
    },
    ...HOW,
    {
      name: 'Note',
      sortable: false,
      value: (row) =>
        notesOf(row, findings)
          .map(({ text }) => text)
          .join(', '),
      cell: (row) => <Notes notes={notesOf(row, findings)} />,
    },
  ];
}

const MOST_VERSIONS = 3;

const fewOf = (all: readonly string[]): readonly string[] =>
  all.length > MOST_VERSIONS + 1
    ? all.slice(0, MOST_VERSIONS).concat(`${count(all.length - MOST_VERSIONS)} others`)
    : all;

/** How its results come, and with which driver. */
const HOW: readonly Column<FleetGroup>[] = [
  {
    name: 'CloudFetch',
    wide: true,
    hint: 'Share of statements whose result came as files',
    right: true,
    value: ({ cloudFetch, statements }) => cloudFetch / statements,
    cell: ({ cloudFetch, statements }) => (
      <span class="quiet" title={`${count(cloudFetch)} statements`}>
        {cloudFetch === 0 ? '–' : percent(cloudFetch / statements)}
      </span>
    ),
  },
  {
    name: 'Driver',
    mono: true,
    wide: true,
    value: ({ driverVersions }) => (driverVersions.length === 0 ? null : fewOf(driverVersions).join(', ')),
  },
];

const Notes = ({ notes }: { notes: readonly Note[] }): JSX.Element => (
  <>
    {notes.map(({ text, tone, link }) => (
      <a key={text} class={`tag ${tone}`} href={link}>
        {text}
      </a>
    ))}
  </>
);
