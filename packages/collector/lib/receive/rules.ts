/** What a value of a telemetry field must look like to be kept. */
export type Rule =
  | { readonly type: 'text'; readonly pattern: RegExp; readonly maxLength: number }
  | { readonly type: 'integer'; readonly maximum: number }
  | { readonly type: 'number' }
  | { readonly type: 'boolean' }
  | { readonly type: 'enum'; readonly values: ReadonlySet<string> };

/** A token of Databricks, a JWT, or what only a secret follows. */
const SECRET =
  String.raw`(?<![a-z])(?:dapi|dsapi|dkea|dskea|dose|eyJ)[\w-]{8}|(?:bearer|basic) [\w+/=.-]{16}` +
  String.raw`|(?:password|passwd|pwd|secret|token|api[_-]?key|authorization|signature) ?[:=]`;

const text = (pattern: RegExp, maxLength: number): Rule => ({ type: 'text', pattern, maxLength });

/** Ids: of records, sessions and statements. */
export const ID = text(/^[\w.:+/=-]+$/, 128);
/** One word: neither a path, an argument of a command line nor an e-mail address fits. */
export const WORD = text(new RegExp(String.raw`^(?!.*(?:${SECRET}))[\w.+~#:-]+$`, 'i'), 64);
/** A few words, such as the name of an operating system. */
export const WORDS = text(/^[\w.+/() -]+$/, 64);
/** The name that an application gave itself: printable ASCII without anything that looks like a credential. */
export const LABEL = text(new RegExp(`^(?!.*(?:${SECRET}))[ -~]+$`, 'i'), 128);
/** What a person is called, in any script. */
export const NAME = text(new RegExp(`^(?!.*(?:${SECRET}))[ -~\\p{L}\\p{M}\\p{N}]+$`, 'iu'), 128);
/** Read while decoding and never kept as it is. */
export const DERIVED = text(/^[^]*$/, 65_536);
export const CAUSES = text(/^(?:[1-5]\d\d|E[A-Z_]+|OTHER):\d+(?: (?:[1-5]\d\d|E[A-Z_]+|OTHER):\d+)*$/, 400);
export const CLASS = text(/^[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)?$/, 129);
export const CODE = text(/^[A-Z][A-Z0-9_]*$|^\d{1,9}$/, 64);
export const SQLSTATE = text(/^[0-9A-Z]{5}$/, 5);
export const LOWER = text(/^[a-z_]+$/, 32);
/** Counts, and durations in milliseconds: more than the store can count was not measured. */
export const INTEGER: Rule = { type: 'integer', maximum: 2_147_483_647 };
/** Times, rows and bytes. */
export const LARGE_INTEGER: Rule = { type: 'integer', maximum: Number.MAX_SAFE_INTEGER };
export const NUMBER: Rule = { type: 'number' };
export const BOOLEAN: Rule = { type: 'boolean' };

/** A closed list of upper-case values. */
export function oneOf(values: string): Rule {
  return { type: 'enum', values: new Set(values.split(' ')) };
}

/** `value` as the rule keeps it; undefined when it does not fit. Total. */
export function keep(rule: Rule, value: unknown): string | number | boolean | undefined {
  switch (rule.type) {
    case 'text': {
      const string = typeof value === 'number' ? String(value) : value;
      if (typeof string !== 'string' || string.length > rule.maxLength) return undefined;
      return rule.pattern.test(string) ? string : undefined;
    }
    case 'integer':
      return integer(value, rule.maximum);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'enum':
      return typeof value === 'string' && rule.values.has(value) ? value : undefined;
  }
}

/** Protocol buffers write 64-bit integers as strings; both are taken. Negative ones are no counts and no durations. */
function integer(value: unknown, maximum: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= maximum
    ? number
    : undefined;
}
