import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Fleet, FleetGroup } from '../../../../lib/store/queries/fleet';
import { count, duration, percent } from '../../format/numbers';
import { interval } from '../../format/times';
import { linkTo } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { CsvButton, Table, type Column } from '../../ui/Table';
import { failedShare, FailedShare, RetriedShare, retriedShare } from './shares';
import { Strip, usualOf } from './Strip';

/** The services, those first that take most time. */
export function ServicesCard({ answer }: { answer: Answer<Fleet> }): JSX.Element {
  const [text, setText] = useState('');
  const fleet = valueOf(answer);
  const all = fleet === undefined ? [] : [...fleet.services].sort((a, b) => (b.totalMs ?? 0) - (a.totalMs ?? 0));
  const rows = all.filter(({ name }) => (name ?? 'unknown').toLowerCase().includes(text.toLowerCase()));
  const columns = fleet === undefined ? [] : columnsOf(fleet);
  return (
    <Card
      title="Services"
      sub={fleet !== undefined && `${all.length} with records, ordered by the time they take`}
      actions={
        <>
          <input
            type="search"
            data-find
            placeholder="Find a service   /"
            aria-label="Find a service"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <CsvButton name="services" columns={columns} rows={rows} />
        </>
      }
    >
      <Answered
        answer={answer}
        height={240}
        empty={({ services }) => services.length === 0 && 'No statement in this window.'}
      >
        {() => (
          <Table
            label="Services"
            rows={rows}
            columns={columns}
            keyOf={({ name }) => name ?? ''}
            sorted={1}
            linkOf={({ name }) => linkTo('statements', { 'f.service': name ?? '(unknown)' })}
          />
        )}
      </Answered>
    </Card>
  );
}

function columnsOf({ services, strips, bucketMs }: Fleet): readonly Column<FleetGroup>[] {
  const sum = services.reduce((all, { totalMs }) => all + (totalMs ?? 0), 0);
  const share = ({ totalMs }: FleetGroup): number | null => (totalMs === null || sum === 0 ? null : totalMs / sum);
  const stripOf = new Map(strips.map(({ service, points }) => [service, points]));
  return [
    {
      name: 'Service',
      value: ({ name }) => name,
      cell: ({ name }) => <a href={linkTo('statements', { 'f.service': name ?? '(unknown)' })}>{name ?? 'unknown'}</a>,
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
    { name: 'Statements', right: true, value: ({ statements }) => statements },
    { name: 'Failed', right: true, value: failedShare, cell: (row) => <FailedShare group={row} /> },
    { name: 'Retried', right: true, value: retriedShare, cell: (row) => <RetriedShare group={row} /> },
    { name: 'p50', right: true, value: ({ latency }) => latency.p50, cell: ({ latency }) => duration(latency.p50) },
    { name: 'p95', right: true, value: ({ latency }) => latency.p95, cell: ({ latency }) => duration(latency.p95) },
    {
      name: 'p95 against usual',
      hint: 'Darker: up to six times its own usual p95, the median of the window',
      value: ({ name }) => usualOf(stripOf.get(name) ?? []),
      cell: ({ name }) => (
        <Strip points={stripOf.get(name) ?? []} describe={(ms) => interval(ms, ms + bucketMs, false)} />
      ),
    },
    {
      name: 'CloudFetch',
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
      value: ({ driverVersions }) => (driverVersions.length === 0 ? null : driverVersions.join(', ')),
    },
  ];
}
