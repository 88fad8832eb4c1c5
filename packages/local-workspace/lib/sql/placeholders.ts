import { randomBytes } from 'node:crypto';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** No statement, name or value of a client's holds it: it is known in this process alone, by all of its threads. */
const SECRET = sharedSecret();

function sharedSecret(): string {
  const key = 'databricks-local-workspace.placeholders';
  const known: unknown = getEnvironmentData(key);
  if (typeof known === 'string') return known;
  const made = randomBytes(12).toString('hex');
  setEnvironmentData(key, made);
  return made;
}

/** Stands for the value of a parameter in a translation until it is bound. */
export function hole(index: number): string {
  return `\u0001${SECRET}:${index}\u0002`;
}

/** A hole; its group is the index. */
export const HOLE = new RegExp(hole(0).replace(':0', ':(\\d+)'));

/** Between the statements of DuckDB's that one of Spark's needs. */
export const STEP = `\u0003${SECRET};`;
