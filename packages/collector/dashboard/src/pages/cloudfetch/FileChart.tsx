import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { filled } from '../../charts/filled';
import { Lines } from '../../charts/Lines';
import { bytes, duration } from '../../format/numbers';
import type { Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { numbersOf } from '../../ui/Table';
import { figure, times } from '../../ui/columns';

type Point = CloudFetch['series'][number];

interface Properties {
  readonly answer: Answer<CloudFetch>;
  readonly title: string;
  readonly sub: string;
  readonly color: string;
  readonly unit: 'bytes' | 'time';
  readonly valueOf: (point: Point) => number | null;
}

/** One figure of the downloads over time. */
export function FileChart({ answer, title, sub, color, unit, valueOf }: Properties): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const format = unit === 'bytes' ? bytes : duration;
  return (
    <ChartCard
      title={title}
      sub={sub}
      span="s6"
      answer={answer}
      height={190}
      empty={({ series }) =>
        series.every((point) => valueOf(point) === null) && 'Not told by the drivers of this window.'
      }
      chart={({ series, bucketMs }) => {
        const points = filled(series, fromMs, toMs, bucketMs);
        return (
          <Lines
            fromMs={fromMs}
            toMs={toMs}
            timesMs={points.map(({ timeMs }) => timeMs + bucketMs / 2)}
            lines={[{ name: title, color, values: points.map(({ of }) => (of === undefined ? null : valueOf(of))) }]}
            format={format}
            height={170}
            area
            label={`${title}: ${sub}, over time`}
          />
        );
      }}
      table={({ series, bucketMs }) =>
        numbersOf({
          label: `${title} over time`,
          rows: series,
          keyOf: ({ timeMs }) => timeMs,
          columns: [
            times(bucketMs),
            figure('Statements', ({ statements }: Point) => statements),
            { name: title, right: true, value: valueOf, cell: (point) => format(valueOf(point)) },
          ],
        })
      }
    />
  );
}
