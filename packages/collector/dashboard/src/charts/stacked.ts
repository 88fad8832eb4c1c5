import type { BarsBucket, BarsCategory } from './Bars';
import { sumOf } from '../format/numbers';

interface Point {
  readonly timeMs: number;
  readonly kind: string | null;
  readonly value: number;
}

/** A kind of what is counted over time, with its colour. */
export interface Kind extends BarsCategory {
  /** Null: not told; undefined: all that have no colour of their own. */
  readonly kind: string | null | undefined;
  readonly total: number;
}

export interface Stacked {
  readonly kinds: readonly Kind[];
  readonly buckets: readonly BarsBucket[];
}

const COLORS = ['--c6', '--c1', '--c2', '--c4', '--c3', '--c5'];
const OTHERS = '--c7';

/** Counts over time as stacks: the six largest kinds have a colour each, the others share one. */
export function stacked(points: readonly Point[], nameOf: (kind: string | null) => string): Stacked {
  const totals = new Map<string | null, number>();
  for (const { kind, value } of points) totals.set(kind, (totals.get(kind) ?? 0) + value);
  const ranked = [...totals].sort(([, a], [, b]) => b - a);
  const kinds: Kind[] = ranked
    .slice(0, COLORS.length)
    .map(([kind, total], index) => ({ kind, name: nameOf(kind), color: COLORS[index] ?? OTHERS, total }));
  const rest = sumOf(ranked.slice(COLORS.length), ([, total]) => total);
  if (rest > 0) kinds.push({ kind: undefined, name: 'others', color: OTHERS, total: rest });
  const index = new Map(kinds.map(({ kind }, at) => [kind, at]));
  const buckets = new Map<number, number[]>();
  for (const { timeMs, kind, value } of points) {
    const values = buckets.get(timeMs) ?? kinds.map(() => 0);
    const at = index.get(kind) ?? kinds.length - 1;
    values[at] = (values[at] ?? 0) + value;
    buckets.set(timeMs, values);
  }
  return { kinds, buckets: [...buckets].map(([timeMs, values]) => ({ timeMs, values })) };
}
