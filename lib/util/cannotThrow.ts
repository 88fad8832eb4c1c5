/** Known by name to each copy of this library in a process. */
const MARK = Symbol.for('databricks-sql-telemetry.cannotThrow');

/** Marks a function that neither throws nor rejects, so that nobody guards it a second time. */
export function cannotThrow<Work extends (...args: never[]) => unknown>(work: Work): Work {
  return Object.defineProperty(work, MARK, { value: true });
}

/** Whether `work` was marked as one that neither throws nor rejects. */
export function isMarkedSafe(work: object): boolean {
  return MARK in work;
}
