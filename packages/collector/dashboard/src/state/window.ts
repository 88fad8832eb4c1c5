import { computed, signal } from '@preact/signals';
import type { Question } from '../../../lib/client/CollectorClient';
import type { Measure } from '../../../lib/store/Selection';
import { address, change, parameter } from './address';
import { nowMs } from './clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Beyond it dates end. */
const LAST_MS = 8e15;

/** Windows that end now. */
export const RANGES = [
  { name: '15m', label: 'Last 15 minutes', ms: 15 * MINUTE_MS },
  { name: '1h', label: 'Last hour', ms: HOUR_MS },
  { name: '6h', label: 'Last 6 hours', ms: 6 * HOUR_MS },
  { name: '24h', label: 'Last 24 hours', ms: 24 * HOUR_MS },
  { name: '7d', label: 'Last 7 days', ms: 168 * HOUR_MS },
  { name: '30d', label: 'Last 30 days', ms: 720 * HOUR_MS },
] as const;
const DEFAULT_RANGE = RANGES[1];

export interface ShownMeasure {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly measure: Measure;
}

/** Durations that the heatmap can be about, by their name in the address. */
export const MEASURES = [
  { name: 'total', label: 'Total', hint: 'backend and reading', measure: 'totalLatencyMs' },
  { name: 'first', label: 'First row', hint: 'until your code got the first row', measure: 'firstRowLatencyMs' },
  { name: 'backend', label: 'Backend', hint: 'submission and waiting', measure: 'latencyMs' },
] as const satisfies readonly ShownMeasure[];

/** When the figures were asked for; windows that end now end here. */
export const asked = signal(nowMs());

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
  /** Ends now, so that it moves. */
  readonly moving: boolean;
}

export const timeWindow = computed((): TimeWindow => {
  const [fromMs, toMs] = [Number(parameter('from') ?? NaN), Number(parameter('to') ?? NaN)];
  if (fromMs >= 0 && fromMs < toMs && toMs <= LAST_MS) return { fromMs, toMs, label: 'From', moving: false };
  const range = RANGES.find(({ name }) => name === parameter('r')) ?? DEFAULT_RANGE;
  return { fromMs: asked.value - range.ms, toMs: asked.value, label: range.label, moving: true };
});

/** Filters of the address: `f.service=a&f.service=b`. */
export const filters = computed((): Readonly<Record<string, readonly string[]>> => {
  const found: Record<string, string[]> = {};
  for (const [name, value] of address.value.parameters) {
    if (name.startsWith('f.')) (found[name.slice(2)] ??= []).push(value);
  }
  return found;
});

export const measure = computed((): ShownMeasure => {
  const name = parameter('m');
  return MEASURES.find((candidate) => candidate.name === name) ?? MEASURES[0];
});

/** What every panel asks about: window, filters and measure. */
export const question = computed((): Question => {
  const { fromMs, toMs } = timeWindow.value;
  return { from: fromMs, to: toMs, ...filters.value, measure: measure.value.measure };
});

/** Asks all panels again, also within the same millisecond; a window that ends now moves on. */
export function refresh(): void {
  const now = nowMs();
  asked.value = now === asked.value ? now + 1 : now;
}

/** Shifts the window by a part of its length. */
export function shiftWindow(part: number): void {
  const { fromMs, toMs } = timeWindow.value;
  const by = Math.round((toMs - fromMs) * part);
  change({ r: null, live: null, from: String(fromMs + by), to: String(toMs + by) });
}

export function setWindow(fromMs: number, toMs: number): void {
  change({ r: null, live: null, sel: null, from: String(fromMs), to: String(toMs) });
}
