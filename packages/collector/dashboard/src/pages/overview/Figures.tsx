import type { ComponentChildren, JSX } from 'preact';
import type { Heatmap } from '../../../../lib/store/queries/heatmap';
import type { Overview } from '../../../../lib/store/queries/overview';
import { Spark } from '../../charts/Spark';
import { bytesParts, count, durationParts, factor, percent, short, type Figure as Parts } from '../../format/numbers';
import { linkTo } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { Answered } from '../../ui/Panel';

type Window = Overview['current'];

/** The window in six figures, each against the window before. */
export function Figures({ overview, heatmap }: { overview: Answer<Overview>; heatmap: Answer<Heatmap> }): JSX.Element {
  const columns = valueOf(heatmap)?.series ?? [];
  return (
    <section class="kpis" aria-label="Figures of the window">
      <Answered answer={overview} height={62}>
        {({ current, previous, series }) => (
          <div class="kpi-row">
            <Figure name="Statements" page="statements" {...wholeOf(current)} spark={series.map((s) => s.statements)}>
              <Change of={current.statements} before={previous.statements} {...previousOf(previous)} neutral />
            </Figure>
            <Figure
              name="Failed"
              page="errors"
              {...failedOf(current)}
              spark={series.map((s) => s.failed)}
              color="--bad"
            >
              <ShareChange current={current} previous={previous} part="failed" of={({ statements }) => statements} />
            </Figure>
            <Latency name="p50" current={current} previous={previous} spark={columns.map(({ p50 }) => p50)} />
            <Latency name="p95" current={current} previous={previous} spark={columns.map(({ p95 }) => p95)} />
            <Figure
              name="Retried"
              page="retries"
              {...shareOf(current.retried, current.statements)}
              spark={series.map((s) => s.retried)}
              color="--warn"
            >
              <ShareChange current={current} previous={previous} part="retried" of={({ statements }) => statements} />
            </Figure>
            <Figure
              name="Result bytes"
              page="cloudfetch"
              {...(current.bytes === null ? UNKNOWN : figureOf(bytesParts(current.bytes)))}
              spark={series.map((s) => s.bytes)}
            >
              <Change of={current.bytes} before={previous.bytes} {...previousOf(previous)} neutral />
            </Figure>
          </div>
        )}
      </Answered>
    </section>
  );
}

interface Shown {
  readonly figure: string;
  readonly unit: string;
}

const UNKNOWN: Shown = { figure: '?', unit: 'not told' };
const figureOf = ([figure, unit]: Parts): Shown => ({ figure, unit });
const wholeOf = ({ statements }: Window): Shown => ({ figure: short(statements), unit: '' });

/** Of all; where some drivers do not tell how a statement ended, at least so much. */
function failedOf({ failed, statements, outcomeUnknown }: Window): Shown {
  if (statements === outcomeUnknown) return UNKNOWN;
  const { figure, unit } = shareOf(failed, statements);
  return { figure: outcomeUnknown > 0 ? `≥ ${figure}` : figure, unit };
}

function shareOf(part: number | null, whole: number): Shown {
  if (part === null || whole === 0) return UNKNOWN;
  return { figure: percent(part / whole), unit: `· ${count(part)}` };
}

const previousOf = ({ fromMs, toMs, statements }: Window): { length: string; any: boolean } => {
  const minutes = (toMs - fromMs) / 60_000;
  const length =
    minutes < 90
      ? `${Math.round(minutes)} min`
      : minutes < 2880
        ? `${Math.round(minutes / 60)} h`
        : `${Math.round(minutes / 1440)} d`;
  return { length, any: statements > 0 };
};

interface FigureProperties extends Shown {
  readonly name: string;
  readonly page: string;
  readonly spark: readonly (number | null)[];
  readonly color?: string;
  readonly children: ComponentChildren;
}

function Figure({ name, page, figure, unit, spark, color = '--ink3', children }: FigureProperties): JSX.Element {
  return (
    <a class="kpi" href={linkTo(page)}>
      <div class="l">{name}</div>
      <div class="row">
        <div class="v">
          {figure}
          {unit !== '' && <small>{unit}</small>}
        </div>
        <Spark values={spark} color={color} />
      </div>
      <div class="d">{children}</div>
    </a>
  );
}

interface LatencyProperties {
  readonly name: 'p50' | 'p95';
  readonly current: Window;
  readonly previous: Window;
  readonly spark: readonly (number | null)[];
}

function Latency({ name, current, previous, spark }: LatencyProperties): JSX.Element {
  const value = current.latency[name];
  const enough = current.latency.count >= 20 && previous.latency.count >= 20;
  return (
    <Figure
      name={`${name} ${measure.value.label.toLowerCase()}`}
      page="statements"
      {...(value === null ? UNKNOWN : figureOf(durationParts(value)))}
      spark={spark}
    >
      <Change of={value} before={previous.latency[name]} {...previousOf(previous)} neutral={!enough} />
    </Figure>
  );
}

interface ShareChangeProperties {
  readonly current: Window;
  readonly previous: Window;
  readonly part: 'failed' | 'retried';
  readonly of: (window: Window) => number;
}

/** Of two shares; coloured only when chance does not explain the difference. */
function ShareChange({ current, previous, part, of }: ShareChangeProperties): JSX.Element {
  const [a, b] = [current[part], previous[part]];
  const [na, nb] = [of(current), of(previous)];
  const known = a !== null && b !== null && na > 0 && nb > 0;
  const pooled = known ? (a + b) / (na + nb) : 0;
  const z = known
    ? Math.abs(a / na - b / nb) / Math.sqrt(Math.max(1e-12, pooled * (1 - pooled) * (1 / na + 1 / nb)))
    : 0;
  return (
    <Change of={known ? a / na : null} before={known ? b / nb : null} {...previousOf(previous)} neutral={z < 1.96} />
  );
}

interface ChangeProperties {
  readonly of: number | null;
  readonly before: number | null;
  readonly length: string;
  /** Whether the window before holds anything. */
  readonly any: boolean;
  /** More is neither better nor worse, or the difference may be chance. */
  readonly neutral: boolean;
}

const SAME = 0.03;

function Change({ of, before, length, any, neutral }: ChangeProperties): JSX.Element {
  if (!any) return <>nothing in the {length} before</>;
  if (of === null || before === null) return <>&nbsp;</>;
  const ratio = before === 0 ? (of === 0 ? 1 : Infinity) : of / before;
  if (Math.abs(ratio - 1) < SAME) return <>unchanged vs previous {length}</>;
  const up = ratio > 1;
  const size = ratio === Infinity ? 'from none' : ratio >= 2 ? factor(ratio) : percent(Math.abs(ratio - 1));
  return (
    <>
      <span class={neutral ? '' : up ? 'up' : 'dn'}>
        {up ? '↑' : '↓'} {size}
      </span>{' '}
      vs previous {length}
    </>
  );
}
