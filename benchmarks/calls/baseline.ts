import type { Figures } from './measure';

/** What may not grow, by driver version and major version of Node.js. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, Readonly<Record<Guarded, number>>>>>>;

const GUARDED = ['ours', 'off', 'file', 'page', 'functions', 'files'] as const;
type Guarded = (typeof GUARDED)[number];

const LABELS: Readonly<Record<Guarded, string>> = {
  ours: 'calls added to SELECT 1',
  off: 'calls added while off',
  file: 'calls added for a CloudFetch file',
  page: 'calls added for an inline page',
  functions: 'functions that SELECT 1 enters',
  files: 'files that SELECT 1 enters',
};

const MAX_GROWTH = 0.03;
/** A difference of two counts of thousands, divided by eight: timers of Node.js that are due now or then weigh more. */
const MAX_GROWTH_OF_SLOPE = 0.15;
/** Calls by which two runs of the same code may differ. */
const NOISE = 0.5;

const maxGrowthOf = (name: Guarded): number => (name === 'file' || name === 'page' ? MAX_GROWTH_OF_SLOPE : MAX_GROWTH);

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The most that may come on top of a statement's observation, by who else is told of it. */
const BARS = { subscribed: 30, traced: 60 } as const;

/** One sentence for each bar that is exceeded. */
export function aboveBars(driver: string, figures: Figures): string[] {
  return (Object.keys(BARS) as ReadonlyArray<keyof typeof BARS>).flatMap((name) =>
    figures[name] <= BARS[name] + NOISE
      ? []
      : [`driver ${driver}: ${name}: ${rounded(figures[name])}, at most ${BARS[name]}`],
  );
}

/** One sentence for each number that has grown by more than it may; a pair of versions without a baseline is one too. */
export function grown(baseline: Baseline, driver: string, node: string, figures: Figures): string[] {
  const before = baseline[driver]?.[node];
  if (before === undefined) {
    return [`driver ${driver} on Node.js ${node} has no baseline: npm run bench -- calls --driver ${driver} --update`];
  }
  return GUARDED.flatMap((name) => {
    const limit = before[name] * (1 + maxGrowthOf(name)) + NOISE;
    // Written so that NaN, a number that was not measured, is one that has grown.
    if (figures[name] <= limit) return [];
    return [`driver ${driver} on Node.js ${node}: ${LABELS[name]}: ${rounded(figures[name])}, were ${before[name]}`];
  });
}

/** `baseline` with the numbers of this run. */
export function updated(baseline: Baseline, driver: string, node: string, figures: Figures): Baseline {
  const entries = GUARDED.map((name) => [name, rounded(figures[name])] as const);
  const numbers = Object.fromEntries(entries) as Record<Guarded, number>;
  return { ...baseline, [driver]: { ...baseline[driver], [node]: numbers } };
}
