import type { Clock } from '../../../lib/util/clock';

/** The clock and timers that are global at the time of each call: a test's fake ones while it has any. */
export const globalClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (work, ms) => setTimeout(work, Math.max(0, Math.ceil(ms))).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
  setImmediate: (work) => setImmediate(work),
  clearImmediate: (handle) => clearImmediate(handle as NodeJS.Immediate | undefined),
};
