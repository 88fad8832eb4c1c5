import type { JSX } from 'preact';
import type { LiveHealth } from '../../../../lib/api/Endpoint';
import type { NamedCount, StoreHealth } from '../../../../lib/store/queries/health';
import { Bars } from '../../charts/Bars';
import { bytes, count, duration, durationParts, percent, plural, short } from '../../format/numbers';
import { exactTime, interval, moment } from '../../format/times';
import { useAnswer, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { FigureStrip, type StripFigure } from '../../ui/FigureStrip';
import { ChartCard } from '../../ui/ChartCard';
import { Legend } from '../../ui/Legend';
import { Answered, Card } from '../../ui/Panel';
import { numbersOf } from '../../ui/Table';
import { SeriesChart } from '../SeriesChart';
import { JoinCard } from './JoinCard';
import { Reporters } from './Reporters';
import { figure, times } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

type Health = StoreHealth & LiveHealth;

/** Can the figures of the other pages be believed? */
export function DataHealth(): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const asked = { from: fromMs, to: toMs };
  const answer = useAnswer('health', asked, (collector, parameters) => collector.health(parameters));
  return (
    <div class="grid">
      <section class="kpis">
        <Answered answer={answer} height={62}>
          {(health) => <FigureStrip label="Records of the window" figures={figuresOf(health)} />}
        </Answered>
      </section>
      <Received answer={answer} />
      <SeriesChart
        answer={answer}
        title="Lag"
        name="Lag"
        sub="arrival to page, longest"
        span="s4"
        height={190}
        format={duration}
        valueOf={({ maxLagMs }: Health['series'][number]) => maxLagMs}
        empty={({ received }) => received === 0 && 'Nothing arrived in this window.'}
      />
      <LeftOut answer={answer} />
      <Storage answer={answer} />
      <Reporters />
      <JoinCard />
    </div>
  );
}

const NO_UNIT = '';

function figuresOf({
  received,
  accepted,
  duplicate,
  rejected,
  maxLagMs,
  lagMs,
  senders,
}: Health): readonly StripFigure[] {
  const whole = (name: string, value: number, note: string): StripFigure => ({
    name,
    figure: [short(value), NO_UNIT],
    note,
  });
  return [
    whole('Received', received, interval(timeWindow.value.fromMs, timeWindow.value.toMs)),
    whole('Accepted', accepted, 'sessions, statements and errors'),
    whole('Duplicate', duplicate, 'same event id; kept once'),
    whole('Rejected', rejected, received === 0 ? 'nothing arrived' : `${percent(rejected / received)} of what arrived`),
    {
      name: 'Longest lag',
      figure: maxLagMs === null ? ['–', NO_UNIT] : durationParts(maxLagMs),
      note: `arrival to page; now ${duration(lagMs)}`,
    },
    whole('Processes', senders, 'asked within the hour'),
  ];
}

const KINDS = [
  { name: 'Accepted', color: '--h5' },
  { name: 'Duplicate', color: '--c2' },
  { name: 'Rejected', color: '--c6' },
] as const;

function Received({ answer }: { answer: Answer<Health> }): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  return (
    <ChartCard
      title="Records received"
      sub="by the minute of arrival"
      span="s8"
      answer={answer}
      height={190}
      actions={<Legend entries={KINDS} />}
      empty={({ received }) => received === 0 && 'Nothing arrived in this window.'}
      chart={({ series, bucketMs }) => (
        <Bars
          fromMs={fromMs}
          toMs={toMs}
          bucketMs={bucketMs}
          buckets={series.map((point) => ({
            timeMs: point.timeMs,
            values: [point.accepted, point.duplicate, point.rejected],
          }))}
          categories={KINDS}
          format={short}
          height={190}
          label="Records received over time: accepted, duplicate and rejected"
        />
      )}
      table={({ series, bucketMs }) =>
        numbersOf({
          label: 'Records received',
          rows: series,
          keyOf: ({ timeMs }) => timeMs,
          columns: [
            times(bucketMs),
            figure('Received', (row: Health['series'][number]) => row.received),
            figure('Accepted', (row: Health['series'][number]) => row.accepted),
            figure('Duplicate', (row: Health['series'][number]) => row.duplicate),
            figure('Rejected', (row: Health['series'][number]) => row.rejected),
          ],
        })
      }
    />
  );
}

interface LeftOutRow extends NamedCount {
  readonly what: string;
}

/** What did not come in as it was sent. */
function LeftOut({ answer }: { answer: Answer<Health> }): JSX.Element {
  const named = (what: string, counts: readonly NamedCount[]): LeftOutRow[] => counts.map((one) => ({ ...one, what }));
  return (
    <TableCard
      title="Left out"
      sub="of what arrived in the window"
      span="s8"
      answer={answer}
      none="Nothing: no record was rejected, every field has a place, every value the form of its field."
      rows={({ rejectedBy, unknownFields, invalidFields }) => [
        ...named('record rejected', rejectedBy),
        ...named('value left out, does not fit its field', invalidFields),
        ...named('field left out, not known', unknownFields),
      ]}
      keyOf={({ what, name }) => what + name}
      columns={[
        { name: 'Name', mono: true, value: (row) => row.name },
        { name: 'What happened', value: (row) => row.what },
        figure('Records', (row: LeftOutRow) => row.count),
      ]}
    />
  );
}

function Storage({ answer }: { answer: Answer<Health> }): JSX.Element {
  return (
    <Card title="Store and journal" span="s4">
      <Answered answer={answer} height={120}>
        {({ stored, journal, store, startedMs, version }) => (
          <div class="body">
            <dl class="facts">
              <dt>Holds</dt>
              <dd>
                {plural(stored.statements, 'statement')}, {plural(stored.sessions, 'session')},{' '}
                {plural(stored.errors, 'error')}
              </dd>
              <dt>From, to</dt>
              <dd>
                {stored.oldestMs === null
                  ? 'nothing yet'
                  : `${moment(stored.oldestMs)} – ${moment(stored.newestMs ?? stored.oldestMs)}`}
              </dd>
              <dt>Store</dt>
              <dd>{store.failure === null ? bytes(store.bytes) : <b class="is-bad">{store.failure}</b>}</dd>
              <dt>Journal</dt>
              <dd>
                {journal.failure === null ? (
                  `${bytes(journal.bytes)} of ${bytes(journal.maxBytes)} wait`
                ) : (
                  <b class="is-bad">{journal.failure}</b>
                )}
              </dd>
              <dt>Damaged</dt>
              <dd>{journal.damaged === 0 ? 'nothing' : <b class="is-bad">{count(journal.damaged)} entries</b>}</dd>
              <dt>Collector</dt>
              <dd>
                {version}, since {exactTime(startedMs)}
              </dd>
            </dl>
          </div>
        )}
      </Answered>
    </Card>
  );
}
