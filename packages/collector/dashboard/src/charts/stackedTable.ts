import type { JSX } from 'preact';
import { countOrDash } from '../format/numbers';
import { figure, times } from '../ui/columns';
import { numbersOf } from '../ui/Table';
import type { Stacked } from './stacked';

type Bucket = Stacked['buckets'][number];

/** The numbers of stacked bars. */
export const stackedTable = (label: string, { kinds, buckets }: Stacked, bucketMs: number): JSX.Element =>
  numbersOf({
    label,
    rows: buckets,
    keyOf: ({ timeMs }) => timeMs,
    columns: [
      times(bucketMs),
      ...kinds.map(({ name }, index) => figure(name, ({ values }: Bucket) => values[index] ?? 0, countOrDash)),
    ],
  });
