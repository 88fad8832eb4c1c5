import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ComponentName } from './closure';

interface Limit {
  /** Most files that the component and all it imports may be. */
  readonly max: number;
  /** What it should come to; undefined where there is no goal beside the limit. */
  readonly goal?: number;
}

const BUDGETS = path.resolve(__dirname, '../../benchmarks/budgets.json');

/** The limit of a component, from the budgets of the library's structure. */
export function limitOf(component: ComponentName): Limit {
  const { structure } = JSON.parse(readFileSync(BUDGETS, 'utf8')) as { structure: Record<string, Limit | undefined> };
  const limit = structure[`closure.${component}`];
  if (limit === undefined) throw new Error(`benchmarks/budgets.json has no closure.${component}`);
  return limit;
}
