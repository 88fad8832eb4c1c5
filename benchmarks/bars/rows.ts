import type { Figures } from '../calls/measure';
import type { Limit } from '../harness/budgets';
import { percentOf, type Interval } from '../harness/added';
import type { Result } from '../harness/report';
import type { Figure } from '../structure/figures';

/** One bar: what is measured, what it is to come to, what it has come to. */
export interface Bar {
  readonly measure: string;
  readonly goal: string;
  readonly now: string;
  /** `unclear`: the interval of this run lies on both sides of the goal; `unknown`: not measured. */
  readonly met: 'yes' | 'no' | 'unclear' | 'unknown';
}

export interface Measurements {
  readonly calls: Figures;
  readonly structure: readonly Figure[];
  readonly limits: Readonly<Record<string, Limit>>;
  /** Of the parts of the benchmark, as far as they were run. */
  readonly results: readonly Result[];
}

/** Whether all of `interval`, or none of it, is at most `limit`. */
function atMost({ low, high }: Interval, limit: number): Bar['met'] {
  if (high <= limit) return 'yes';
  return low > limit ? 'no' : 'unclear';
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
const percent = (interval: Interval, plain: number): string => {
  const { value, low, high } = percentOf(interval, plain);
  return `${signed(value)} % (${signed(low)} to ${signed(high)})`;
};

const NOT_MEASURED = { now: 'not measured', met: 'unknown' } as const;

function beside(measure: string, goal: string, result: Result | undefined): Bar {
  const { plain = NaN, subjects = {}, toOfficial } = result?.added ?? {};
  const { ours, official, floor, again } = subjects;
  if (ours === undefined || official === undefined) return { measure, goal, ...NOT_MEASURED };
  const others = [
    `official ${percent(official, plain)}`,
    ...(floor === undefined ? [] : [`bare POST ${percent(floor, plain)}`]),
    ...(again === undefined ? [] : [`noise ${percent(again, plain)}`]),
  ];
  const ratio =
    toOfficial === undefined
      ? ''
      : `, ${toOfficial.value.toFixed(2)}× official (${toOfficial.low.toFixed(2)} to ${toOfficial.high.toFixed(2)})`;
  const now = `${percent(ours, plain)}${ratio}; ${others.join('; ')}`;
  return { measure, goal, now, met: toOfficial === undefined ? 'unclear' : atMost(toOfficial, 1) };
}

function countable(measure: string, limit: number, value: number, note = ''): Bar {
  const now = `${Number.isInteger(value) ? value : value.toFixed(1)}${note}`;
  return { measure, goal: limit === 0 ? '0' : `≤ ${limit}`, now, met: value <= limit ? 'yes' : 'no' };
}

function timesFaster(measure: string, limit: number, result: Result | undefined): Bar {
  const goal = `≥ ${limit}×`;
  const ratio = result?.ratio;
  if (ratio === undefined) return { measure, goal, ...NOT_MEASURED };
  const { median, atLeast, atMost: most } = ratio;
  const met = atLeast >= limit ? 'yes' : most < limit ? 'no' : 'unclear';
  return { measure, goal, now: `${median.toFixed(2)}× (${atLeast.toFixed(2)} to ${most.toFixed(2)})`, met };
}

function wallTime(result: Result | undefined): Bar {
  const [measure, goal] = ["wall time of the demo's workload, telemetry on ÷ off", '< 1.01'];
  const { plain = NaN, subjects = {} } = result?.added ?? {};
  if (subjects.ours === undefined) return { measure, goal, ...NOT_MEASURED };
  const { value, low, high } = subjects.ours;
  const times = (added: number): string => (1 + added / plain).toFixed(3);
  const now = `${times(value)} (${times(low)} to ${times(high)})`;
  return { measure, goal, now, met: atMost({ value, low, high }, plain * 0.01) };
}

/** All bars, in the order of the way from an application's query to the library's sources. */
export function barsOf({ calls, structure, limits, results }: Measurements): Bar[] {
  const result = (id: string): Result | undefined => results.find((one) => one.id === id);
  const official = (value: number | undefined): string =>
    value === undefined ? '' : ` (official ${value.toFixed(1)})`;
  return [
    beside('CPU of tiny queries', '≤ official, then < 1 %', result('turns.cpu')),
    beside('bytes allocated per statement', '≤ official', result('turns.bytes')),
    countable('added calls, SELECT 1, export included', 65, calls.ours, official(calls.official)),
    countable('added calls per CloudFetch file', 10, calls.file, official(calls.officialFile)),
    countable('added calls per inline page', 3, calls.page, official(calls.officialPage)),
    countable('added calls, switched off', 4, calls.off),
    timesFaster('lifecycle, to official', 4, result('lifecycle.time')),
    timesFaster('lifecycle with 10 files, to official', 6, result('chunks.time')),
    timesFaster('export, to official', 4, result('export.cpu')),
    wallTime(result('demo.wall')),
    countable('functions that one SELECT 1 and its export enter', 80, calls.functions),
    countable('files that one SELECT 1 and its export enter', 25, calls.files),
    ...structure.flatMap(({ id, label, value }) => {
      const { max, goal = max } = limits[id] ?? {};
      return goal === undefined ? [] : [countable(label, goal, value)];
    }),
  ];
}
