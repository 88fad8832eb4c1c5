import type { JSX } from 'preact';
import type { Heatmap } from '../../../../lib/store/queries/heatmap';
import type { Overview } from '../../../../lib/store/queries/overview';
import { filled } from '../../charts/filled';
import { Spark } from '../../charts/Spark';
import { bytesParts, count, durationParts, percent, short, type Figure } from '../../format/numbers';
import { outcomeName } from '../../format/words';
import { valueOf, type Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { FigureStrip, type StripFigure } from '../../ui/FigureStrip';
import { Change, ShareChange } from './Change';

type Window = Overview['current'];

/** The window in six figures, each against the window before. */
export function Figures({ overview, heatmap }: { overview: Answer<Overview>; heatmap: Answer<Heatmap> }): JSX.Element {
  return (
    <FigureStrip
      label="Figures of the window"
      answer={overview}
      figures={(figures) => figuresOf(figures, valueOf(heatmap))}
    />
  );
}

function figuresOf(overview: Overview, heatmap: Heatmap | undefined): readonly StripFigure[] {
  const { current, previous, series, bucketMs, outcomes } = overview;
  const points = filled(series, current.fromMs, current.toMs, bucketMs);
  const spark = (figure: Figure | null, name: Counted, color?: string): JSX.Element => {
    // A bucket without a statement has none that failed; whether they were retried nobody tells.
    const none = name === 'statements' || name === 'failed' ? 0 : null;
    return <Line figure={figure} values={points.map(({ of }) => (of === undefined ? none : of[name]))} color={color} />;
  };
  const [failed, retried] = [failedOf(current), shareOf(current.retried, current.statements)];
  const bytes = current.bytes === null ? null : bytesParts(current.bytes);
  const statements: Figure = [`${current.sampled === null ? '' : '≈ '}${short(current.statements)}`, ''];
  const windows = { current, previous };
  return [
    {
      name: 'Statements',
      page: 'statements',
      figure: statements,
      spark: spark(statements, 'statements'),
      note: <Change of={current.statements} before={previous.statements} window={previous} neutral />,
    },
    {
      name: 'Failed',
      page: 'errors',
      title: outcomes.map((one) => `${outcomeName(one.outcome)} ${count(one.statements)}`).join(', '),
      figure: failed,
      spark: spark(failed, 'failed', '--bad'),
      note: <ShareChange {...windows} part="failed" />,
    },
    latency('p50', windows, heatmap),
    latency('p95', windows, heatmap),
    {
      name: 'Retried',
      page: 'retries',
      figure: retried,
      spark: spark(retried, 'retried', '--warn'),
      note: <ShareChange {...windows} part="retried" />,
    },
    {
      name: 'Result bytes',
      page: 'cloudfetch',
      figure: bytes,
      spark: spark(bytes, 'bytes'),
      note: <Change of={current.bytes ?? NaN} before={previous.bytes ?? NaN} window={previous} neutral />,
    },
  ];
}

type Counted = 'statements' | 'failed' | 'retried' | 'bytes';

/** What is not told has no course either. */
function Line(properties: {
  figure: Figure | null;
  values: readonly (number | null)[];
  color?: string | undefined;
}): JSX.Element {
  const { figure, values, color = '--ink3' } = properties;
  return <Spark values={figure === null ? [] : values} color={color} />;
}

function latency(
  name: 'p50' | 'p95',
  { current, previous }: Pick<Overview, 'current' | 'previous'>,
  heatmap: Heatmap | undefined,
): StripFigure {
  const value = current.latency[name];
  const figure = value === null ? null : durationParts(value);
  const values: (number | null)[] = Array.from({ length: heatmap?.columns ?? 0 }, () => null);
  for (const column of heatmap?.series ?? []) values[column.x] = column[name];
  // Estimated counts are no measure of what chance does.
  const enough =
    Math.min(current.latency.count, previous.latency.count) >= 20 && (current.sampled ?? previous.sampled) === null;
  return {
    name: `${name} ${measure.value.label.toLowerCase()}`,
    page: 'statements',
    figure,
    spark: <Line figure={figure} values={values} />,
    note: <Change of={value ?? NaN} before={previous.latency[name] ?? NaN} window={previous} neutral={!enough} />,
  };
}

/** Of all; where some drivers do not tell how a statement ended, at least so much. */
function failedOf({ failed, statements, outcomeUnknown }: Window): Figure | null {
  const share = statements === outcomeUnknown ? null : shareOf(failed, statements);
  return share && outcomeUnknown > 0 ? [`≥ ${share[0]}`, share[1]] : share;
}

const shareOf = (part: number | null, whole: number): Figure | null =>
  part === null || whole === 0 ? null : [percent(part / whole), `· ${short(part)}`];
