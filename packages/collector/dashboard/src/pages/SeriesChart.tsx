import type { ComponentChildren, JSX } from 'preact';
import { filled } from '../charts/filled';
import { Lines } from '../charts/Lines';
import type { Answer } from '../state/answer';
import { timeWindow } from '../state/window';
import { ChartCard } from '../ui/ChartCard';
import { figure, times } from '../ui/columns';
import { numbersOf } from '../ui/Table';

interface Timed {
  readonly timeMs: number;
}

/** An answer that has points over time. */
interface Series<P extends Timed> {
  readonly series: readonly P[];
  readonly bucketMs: number;
}

interface Properties<P extends Timed, T extends Series<P>> {
  readonly answer: Answer<T>;
  readonly title: ComponentChildren;
  /** Of the figure. */
  readonly name: string;
  readonly sub: string;
  readonly span: string;
  readonly color?: string;
  readonly format: (value: number | null) => string;
  readonly valueOf: (point: P) => number | null;
  readonly moments?: readonly number[];
  /** Of the drawing, in pixels. */
  readonly height?: number;
  readonly below?: (value: T) => ComponentChildren;
  readonly empty?: (value: T) => ComponentChildren | false;
}

/** One figure over time. */
export function SeriesChart<P extends Timed, T extends Series<P>>(properties: Properties<P, T>): JSX.Element {
  const { answer, title, name, sub, span, color = '--c1', format, valueOf, moments = [], height = 170 } = properties;
  const { fromMs, toMs } = timeWindow.value;
  return (
    <ChartCard
      title={title}
      sub={sub}
      span={span}
      answer={answer}
      height={height}
      empty={
        properties.empty ??
        (({ series }) => series.every((point) => valueOf(point) === null) && 'Not told by the drivers of this window.')
      }
      chart={(value) => {
        const { series, bucketMs } = value;
        const points = filled(series, fromMs, toMs, bucketMs);
        return (
          <>
            <Lines
              fromMs={fromMs}
              toMs={toMs}
              timesMs={points.map(({ timeMs }) => timeMs + bucketMs / 2)}
              lines={[{ name, color, values: points.map(({ of }) => (of === undefined ? null : valueOf(of))) }]}
              format={format}
              height={height}
              moments={moments}
              area
              label={sentenceOf(
                name,
                sub,
                points.flatMap(({ of }) => (of && valueOf(of)) ?? []),
                format,
              )}
            />
            {properties.below?.(value)}
          </>
        );
      }}
      table={({ series, bucketMs }) =>
        numbersOf({
          label: `${name} over time`,
          rows: series,
          keyOf: ({ timeMs }) => timeMs,
          columns: [times(bucketMs), figure(name, valueOf, format)],
        })
      }
    />
  );
}

function sentenceOf(name: string, sub: string, known: readonly number[], format: (value: number) => string): string {
  if (known.length === 0) return `${name}, ${sub}: unknown`;
  const [least, most] = [Math.min(...known), Math.max(...known)].map(format);
  return `${name}, ${sub}: from ${least ?? ''} to ${most ?? ''}, at last ${format(known.at(-1) ?? 0)}`;
}
