import type { Typed } from '../Typed';

/** A column, or the variable of a lambda. */
const REFERENCE = /^[\w."]+$/;

/**
 * An expression over values that are computed once, whatever the loop in which it uses them: inside of a lambda, anything
 * but a name would be computed for each element. `variable` is a name that none of them uses.
 */
export function once(values: readonly string[], variable: string, use: (...names: string[]) => Typed): Typed {
  if (values.every((sql) => REFERENCE.test(sql))) return use(...values);
  const fields = values.map((sql, i) => `v${i} := ${sql}`);
  const { sql, type } = use(...values.map((_sql, i) => `${variable}.v${i}`));
  return { sql: `list_transform([struct_pack(${fields.join(', ')})], lambda ${variable}: ${sql})[1]`, type };
}
