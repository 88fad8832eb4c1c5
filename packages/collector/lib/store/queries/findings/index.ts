import { bucketOf, type Selection } from '../../Selection';
import { countingOf, type Sampled } from '../counting';
import type { Query } from '../Query';
import { errorFindings, type ErrorsFinding } from './errorBursts';
import { retryFindings, type RetriesFinding } from './retryStorms';
import { slowerFindings, type SlowerFinding } from './slower';

export type Finding = SlowerFinding | ErrorsFinding | RetriesFinding;

export interface Findings {
  /** The gravest of each kind first. */
  readonly findings: readonly Finding[];
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

const BUCKETS = 60;
const MOST_OF_A_KIND = 3;

/** What stands out of the window: services that became slower, bursts of errors, storms of retries. */
export const findings: Query<{ readonly selection: Selection }, Findings> = {
  async run(database, { selection }) {
    const bucketMs = bucketOf(selection, BUCKETS);
    const counting = await countingOf(database, selection);
    const [slower, errors, retries] = await Promise.all([
      slowerFindings(database, selection, bucketMs, counting),
      errorFindings(database, selection, bucketMs),
      retryFindings(database, selection, bucketMs),
    ]);
    slower.sort((a, b) => b.p50AfterMs / Math.max(1, b.p50BeforeMs) - a.p50AfterMs / Math.max(1, a.p50BeforeMs));
    errors.sort((a, b) => b.errors - a.errors);
    retries.sort((a, b) => b.retries - a.retries);
    const kinds: readonly (readonly Finding[])[] = [slower, errors, retries];
    // One of each kind before the second of any.
    const ranked = Array.from({ length: MOST_OF_A_KIND }, (_, rank) =>
      kinds.flatMap((kind) => kind[rank] ?? []),
    ).flat();
    return { findings: ranked, sampled: counting.sampled };
  },
};
