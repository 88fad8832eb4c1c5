import { keepsRule, type ValueRule } from './fieldRow';

/** Stands for a value that broke the rule of its field. */
export const BROKEN = Symbol('broken');

/** JSON of a value; undefined when there is none. */
export type FieldText = string | undefined | typeof BROKEN;

/** What JSON does not take as it is between quotes. */
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON of a value under its rule; `quoted` as it stands inside a JSON string. */
export function fieldText(value: unknown, rule: ValueRule, quoted: boolean): FieldText {
  if (value === undefined || value === null) return undefined;
  if (!keepsRule(rule, value)) return BROKEN;
  if (typeof value === 'number') return `${Math.round(value)}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const string = value as string;
  if (rule.type === 'int64 digits') return string;
  if (!NEEDS_ESCAPE.test(string)) return quoted ? `\\"${string}\\"` : `"${string}"`;
  const json = JSON.stringify(string);
  return quoted ? JSON.stringify(json).slice(1, -1) : json;
}
