import type { JSX } from 'preact';
import { countOrDash } from '../format/numbers';
import { interval } from '../format/times';
import { Table } from '../ui/Table';
import type { Stacked } from './stacked';

/** The numbers of stacked bars. */
export function StackedTable({ label, of, bucketMs }: { label: string; of: Stacked; bucketMs: number }): JSX.Element {
  return (
    <Table
      label={label}
      dense
      rows={of.buckets}
      keyOf={({ timeMs }) => timeMs}
      columns={[
        {
          name: 'Time',
          value: (row) => row.timeMs,
          cell: ({ timeMs }) => interval(timeMs, timeMs + bucketMs),
        },
        ...of.kinds.map(({ name }, index) => ({
          name,
          right: true,
          value: (row: Stacked['buckets'][number]) => row.values[index] ?? 0,
          cell: (row: Stacked['buckets'][number]) => countOrDash(row.values[index] ?? 0),
        })),
      ]}
    />
  );
}
