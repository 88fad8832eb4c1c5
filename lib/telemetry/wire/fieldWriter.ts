import type { ValueRule } from '../../model/fields/fieldRow';

/** Stands for a value that broke the rule of its field. */
export const BROKEN = Symbol('broken');

/** JSON of a value, that of a string without its quotes; undefined when there is none. */
export type FieldText = string | undefined | typeof BROKEN;

/** How a value becomes JSON under `rule`; with `quoted`, as it stands inside a JSON string. */
export function fieldWriter(rule: ValueRule, quoted: boolean): (value: unknown) => FieldText {
  switch (rule.type) {
    case 'int64': {
      const { min, max } = rule;
      return (value) => {
        if (value === undefined || value === null) return undefined;
        // Written so that NaN fails.
        return typeof value === 'number' && value >= min && value <= max ? integerText(value) : BROKEN;
      };
    }
    case 'bool':
      return (value) => {
        if (value === undefined || value === null) return undefined;
        return value === true ? 'true' : value === false ? 'false' : BROKEN;
      };
    case 'enum': {
      const values = new Map<unknown, string>(rule.values.map((value) => [value, value]));
      return (value) => (value === undefined || value === null ? undefined : (values.get(value) ?? BROKEN));
    }
    case 'int64 digits':
    case 'string': {
      const { pattern, maxLength } = rule;
      const write = stringWriter(rule, quoted);
      return (value) => {
        if (value === undefined || value === null) return undefined;
        const keepsRule = typeof value === 'string' && value.length <= maxLength && pattern.test(value);
        return keepsRule ? write(value) : BROKEN;
      };
    }
  }
}

/** The runtime writes a small integer several times faster than the same number as a double. */
function integerText(value: number): string {
  const rounded = Math.round(value);
  const small = rounded | 0;
  return small === rounded ? `${small}` : `${rounded}`;
}

function stringWriter(rule: Extract<ValueRule, { pattern: RegExp }>, quoted: boolean): (text: string) => string {
  if (rule.type === 'int64 digits') return (digits) => digits;
  return rule.escaped ? (text) => escape(text, quoted) : (text) => text;
}

/** Whether the JSON of values under `rule` stands in quotes. */
export function isQuoted(rule: ValueRule): boolean {
  return rule.type === 'string' || rule.type === 'enum';
}

function escape(text: string, quoted: boolean): string {
  const json = JSON.stringify(text).slice(1, -1);
  return quoted ? JSON.stringify(json).slice(1, -1) : json;
}
