import type { ComponentChildren, JSX } from 'preact';
import type { Heatmap } from '../../../../lib/store/queries/heatmap';
import type { Overview } from '../../../../lib/store/queries/overview';
import { filled } from '../../charts/filled';
import { Spark } from '../../charts/Spark';
import {
  bytesParts,
  count,
  durationParts,
  factor,
  lengthOf,
  percent,
  plural,
  short,
  type Figure as Parts,
} from '../../format/numbers';
import { linkTo } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { Answered } from '../../ui/Panel';

type Window = Overview['current'];

/** The window in six figures, each against the window before. */
export function Figures({ overview, heatmap }: { overview: Answer<Overview>; heatmap: Answer<Heatmap> }): JSX.Element {
  return (
    <section class="kpis" aria-label="Figures of the window">
      <Answered answer={overview} height={62}>
        {(figures) => <Six {...figures} heatmap={valueOf(heatmap)} />}
      </Answered>
    </section>
  );
}

function Six({
  current,
  previous,
  series,
  bucketMs,
  heatmap,
}: Overview & { heatmap: Heatmap | undefined }): JSX.Element {
  const points = filled(series, current.fromMs, current.toMs, bucketMs);
  const spark = (name: 'statements' | 'failed' | 'retried' | 'bytes', none: number | null = null): Sparkline =>
    points.map(({ of }) => (of === undefined ? none : of[name]));
  const latency = (name: 'p50' | 'p95'): JSX.Element => {
    const values: (number | null)[] = Array.from({ length: heatmap?.columns ?? 0 }, () => null);
    for (const column of heatmap?.series ?? []) values[column.x] = column[name];
    return <Latency name={name} current={current} previous={previous} spark={values} />;
  };
  return (
    <>
      <div class="kpi-row">
        <Figure name="Statements" page="statements" {...wholeOf(current)} spark={spark('statements', 0)}>
          <Change of={current.statements} before={previous.statements} window={previous} neutral />
        </Figure>
        <Figure name="Failed" page="errors" {...failedOf(current)} spark={spark('failed', 0)} color="--bad">
          <ShareChange current={current} previous={previous} part="failed" />
        </Figure>
        {latency('p50')}
        {latency('p95')}
        <Figure
          name="Retried"
          page="retries"
          {...shareOf(current.retried, current.statements)}
          spark={spark('retried')}
          color="--warn"
        >
          <ShareChange current={current} previous={previous} part="retried" />
        </Figure>
        <Figure
          name="Result bytes"
          page="cloudfetch"
          {...(current.bytes === null ? UNKNOWN : figureOf(bytesParts(current.bytes)))}
          spark={spark('bytes')}
        >
          <Change of={current.bytes ?? NaN} before={previous.bytes ?? NaN} window={previous} neutral />
        </Figure>
      </div>
      {current.sampled && (
        <div class="note">
          {count(current.sampled.estimated)} of {plural(current.statements, 'statement')} are estimates: their services
          send samples.
        </div>
      )}
    </>
  );
}

type Sparkline = readonly (number | null)[];

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
  return { figure: percent(part / whole), unit: `· ${short(part)}` };
}

interface FigureProperties extends Shown {
  readonly name: string;
  readonly page: string;
  readonly spark: Sparkline;
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
        <Spark values={figure === UNKNOWN.figure ? [] : spark} color={color} />
      </div>
      <div class="d">{children}</div>
    </a>
  );
}

interface LatencyProperties {
  readonly name: 'p50' | 'p95';
  readonly current: Window;
  readonly previous: Window;
  readonly spark: Sparkline;
}

function Latency({ name, current, previous, spark }: LatencyProperties): JSX.Element {
  const value = current.latency[name];
  const enough = current.latency.count >= 20 && previous.latency.count >= 20 && !isEstimated(current, previous);
  return (
    <Figure
      name={`${name} ${measure.value.label.toLowerCase()}`}
      page="statements"
      {...(value === null ? UNKNOWN : figureOf(durationParts(value)))}
      spark={spark}
    >
      <Change of={value ?? NaN} before={previous.latency[name] ?? NaN} window={previous} neutral={!enough} />
    </Figure>
  );
}

interface ShareChangeProperties {
  readonly current: Window;
  readonly previous: Window;
  readonly part: 'failed' | 'retried';
}

/** Of two shares; coloured only when chance does not explain the difference. */
function ShareChange({ current, previous, part }: ShareChangeProperties): JSX.Element {
  const [a, b] = [current[part] ?? NaN, previous[part] ?? NaN];
  const [na, nb] = [current.statements, previous.statements];
  const pooled = (a + b) / (na + nb);
  const z = Math.abs(a / na - b / nb) / Math.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb));
  return (
    <Change of={a / na} before={b / nb} window={previous} neutral={!(z >= 1.96) || isEstimated(current, previous)} />
  );
}

/** Estimated counts are no measure of what chance does. */
const isEstimated = (a: Window, b: Window): boolean => (a.sampled ?? b.sampled) !== null;

interface ChangeProperties {
  /** NaN where it is not known. */
  readonly of: number;
  readonly before: number;
  /** The window before. */
  readonly window: Window;
  /** More is neither better nor worse, or the difference may be chance. */
  readonly neutral: boolean;
}

const SAME = 0.03;

function Change({ of, before, window, neutral }: ChangeProperties): JSX.Element {
  const length = lengthOf(window.toMs - window.fromMs);
  if (window.statements === 0) return <>nothing in the {length} before</>;
  const ratio = of === before ? 1 : of / before;
  if (Number.isNaN(ratio)) return <>&nbsp;</>;
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
