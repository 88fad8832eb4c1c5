import { AGAIN, identifier } from '../quote';
import { SqlError } from '../SqlError';
import type { Scope } from './scope';
import type { Column } from './Typed';

/** What a list of names stands behind. */
export type Named = 'relation' | 'values' | 'function' | 'view';

const MISMATCHES: Readonly<Record<Named, readonly [condition: string, sqlState: string]>> = {
  relation: ['ASSIGNMENT_ARITY_MISMATCH', '42802'],
  values: ['INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', '42000'],
  function: ['NUM_TABLE_VALUE_ALIASES_MISMATCH', '42826'],
  view: ['UDTF_ALIAS_NUMBER_MISMATCH', '42802'],
};

/** Columns under names that a query gives them. Throws unless there is one for each. */
export function rename(columns: readonly Column[], names: readonly string[], named: Named): Column[] {
  if (names.length !== columns.length) {
    const [condition, sqlState] = MISMATCHES[named];
    const text = `Number of given aliases (${names.length}) does not match number of output columns (${columns.length}).`;
    throw new SqlError(condition, sqlState, text);
  }
  return columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
}

/** DuckDB needs every column of a relation to have a name of its own. */
export function uniqueNames(columns: readonly Column[]): Column[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let i = 1; seen.has(name.toLowerCase()); i++) name = `${column.name}${AGAIN}${i}`;
    seen.add(name.toLowerCase());
    return { ...column, name };
  });
}

/** Two relations of a query may have one alias, and DuckDB needs two. */
export function freeQualifier(alias: string, scope: Scope): string {
  const taken = new Set(scope.sources.map(({ qualifier }) => qualifier.toLowerCase()));
  let free = identifier(alias);
  for (let i = 1; taken.has(free.toLowerCase()); i++) free = identifier(`${alias}${AGAIN}${i}`);
  return free;
}
