import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import { filled } from '../../charts/filled';
import { Lines } from '../../charts/Lines';
import { bytes, duration } from '../../format/numbers';
import { interval } from '../../format/times';
import type { Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { Table } from '../../ui/Table';

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
          <div class="body">
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
          </div>
        );
      }}
      table={({ series, bucketMs }) => (
        <Table
          label={`${title} over time`}
          dense
          rows={series}
          keyOf={({ timeMs }) => timeMs}
          columns={[
            {
              name: 'Time',
              value: ({ timeMs }) => timeMs,
              cell: ({ timeMs }) => interval(timeMs, timeMs + bucketMs),
            },
            { name: 'Statements', right: true, value: ({ statements }) => statements },
            { name: title, right: true, value: valueOf, cell: (point) => format(valueOf(point)) },
          ]}
        />
      )}
    />
  );
}
