import { BOOLEAN, VARCHAR } from '@duckdb/node-api';
import { translatedPattern } from '../../sql/compile/javaPatterns';
import type { ScalarFunction } from './scalar';

/** Patterns that a statement computes: see `javaPatterns.ts`. */
export const PATTERN_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: '__java_pattern',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    compute: (pattern: string, decides: boolean) => translatedPattern(pattern, decides).re2,
  },
  {
    name: '__java_unsure',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    compute: (pattern: string, decides: boolean) => translatedPattern(pattern, decides).unsure ?? null,
  },
];
