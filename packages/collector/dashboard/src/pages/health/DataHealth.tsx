import type { JSX } from 'preact';
import type { LiveHealth } from '../../../../lib/api/Endpoint';
import type { NamedCount, StoreHealth } from '../../../../lib/store/queries/health';
import type { Stacked } from '../../charts/stacked';
import { bytes, duration, durationParts, percent, plural, short } from '../../format/numbers';
import { prose } from '../../format/prose';
import { exactTime, interval, moment } from '../../format/times';
import { useAnswer, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { FactList } from '../../ui/FactList';
import { FigureStrip, type StripFigure } from '../../ui/FigureStrip';
import { Answered, Card } from '../../ui/Panel';
import { SeriesChart } from '../SeriesChart';
import { StackedCard } from '../StackedCard';
import { JoinCard } from './JoinCard';
import { Reporters } from './Reporters';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

type Health = StoreHealth & LiveHealth;

/** Can the figures of the other pages be believed? */
export function DataHealth(): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const asked = { from: fromMs, to: toMs };
  const answer = useAnswer('health', asked);
  return (
    <div class="grid">
      <FigureStrip label="Records of the window" answer={answer} figures={figuresOf} />
      <StackedCard
        title="Records received"
        sub="by the minute of arrival"
        span="s8"
        answer={answer}
        noun="record"
        label="Records received"
        none="Nothing arrived in this window."
        stackOf={stackOf}
        legend
      />
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
    figure: [short(value), ''],
    note,
  });
  return [
    whole('Received', received, interval(timeWindow.value.fromMs, timeWindow.value.toMs)),
    whole('Accepted', accepted, 'sessions, statements and errors'),
    whole('Duplicate', duplicate, 'same event id; kept once'),
    whole('Rejected', rejected, received === 0 ? 'nothing arrived' : `${percent(rejected / received)} of what arrived`),
    {
      name: 'Longest lag',
      figure: maxLagMs === null ? ['–', ''] : durationParts(maxLagMs),
      note: `arrival to page; now ${duration(lagMs)}`,
    },
    whole('Processes', senders, 'asked within the hour'),
  ];
}

const KINDS = [
  { name: 'Accepted', key: 'accepted', color: '--h5' },
  { name: 'Duplicate', key: 'duplicate', color: '--c2' },
  { name: 'Rejected', key: 'rejected', color: '--c6' },
] as const;

const stackOf = (health: Health): Stacked => ({
  kinds: KINDS.map(({ name, key, color }) => ({ name, color, kind: key, total: health[key] })),
  buckets: health.series.map((point) => ({ timeMs: point.timeMs, values: KINDS.map(({ key }) => point[key]) })),
});

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
      none={prose('none-left-out')}
      rows={({ rejectedBy, unknownFields, invalidFields }) => [
        ...named('record rejected', rejectedBy),
        ...named('value does not fit its field', invalidFields),
        ...named('field not known', unknownFields),
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

const trouble = (words: string | null): JSX.Element | null => (words === null ? null : <b class="is-bad">{words}</b>);

function Storage({ answer }: { answer: Answer<Health> }): JSX.Element {
  return (
    <Card title="Store and journal" span="s4">
      <Answered answer={answer} height={120}>
        {({ stored, journal, store, startedMs, version }) => (
          <div class="body">
            <FactList
              facts={[
                [
                  'Holds',
                  [
                    plural(stored.statements, 'statement'),
                    plural(stored.sessions, 'session'),
                    plural(stored.errors, 'error'),
                  ].join(', '),
                ],
                [
                  'From, to',
                  stored.oldestMs === null
                    ? 'nothing yet'
                    : `${moment(stored.oldestMs)} – ${moment(stored.newestMs ?? stored.oldestMs)}`,
                ],
                ['Store', trouble(store.failure) ?? bytes(store.bytes)],
                ['Journal', trouble(journal.failure) ?? `${bytes(journal.bytes)} of ${bytes(journal.maxBytes)} wait`],
                ['Damaged', journal.damaged === 0 ? 'nothing' : trouble(plural(journal.damaged, 'entry', 'entries'))],
                [
                  'Put aside',
                  journal.putAside === 0
                    ? 'nothing'
                    : trouble(
                        `${plural(journal.putAside, 'row')} that the store refused: files in the journal’s folder`,
                      ),
                ],
                ['Collector', `${version}, since ${exactTime(startedMs)}`],
              ]}
            />
          </div>
        )}
      </Answered>
    </Card>
  );
}
