import { isProxy } from 'node:util/types';
import { isHttpUrl } from './endpoint';
import { publicLabel } from './fields/publicLabel';
import type { OptionRow } from './optionRow';

/** Stands for "debug lines" among the values of `telemetryDryRun`: no file has this name. */
export const DEBUG_LINES = '\0debug';

/** What a header can hold after `Bearer `. */
const SECRET = /^[\x21-\x7e]{1,4096}$/;
const MAX_LABEL_LENGTH = 128;

interface Usable {
  readonly value: unknown;
  readonly isAdjusted?: boolean;
}

type RowOf<Type extends OptionRow['type']> = Extract<OptionRow, { type: Type }>;

/** By type of option: the value to use for what was given; undefined for one that it cannot have. */
const VALUES: { readonly [Type in OptionRow['type']]: (given: unknown, row: RowOf<Type>) => Usable | undefined } = {
  boolean: (given) => usableIf(typeof given === 'boolean', given),
  text: (given) => usableIf(typeof given === 'string', given),
  label: (given) => usableIf(isLabel(given), given),
  secret: (given) => usableIf(typeof given === 'string' && SECRET.test(given), given),
  rate: (given) => usableIf(typeof given === 'number' && given >= 0 && given <= 1, given),
  number: (given, { min, max }) => {
    if (typeof given !== 'number' || Number.isNaN(given)) return undefined;
    const value = Math.min(max, Math.max(min, given));
    return { value, isAdjusted: value !== given };
  },
  name: (given, row) => {
    const value = nameOf(row, given);
    return usableIf(value !== undefined, value);
  },
  url: (given) => {
    // To ask a proxy for its class may run code of the application.
    const value = !isProxy(given) && given instanceof URL ? given.href : given;
    return usableIf(typeof value === 'string' && isHttpUrl(value), value);
  },
  /** A function, the name of a file, or a switch. */
  dryRun: (given) => {
    if (typeof given === 'boolean') return { value: given ? DEBUG_LINES : undefined };
    return usableIf(typeof given === 'function' || (typeof given === 'string' && given.trim() !== ''), given);
  },
};

/** The value to use for the option of `row`; undefined for one that it cannot have. Cannot throw. */
export function usableValue(row: OptionRow, given: unknown): Usable | undefined {
  // The row of a type goes to the function of that type.
  const valueOf = VALUES[row.type] as (given: unknown, row: OptionRow) => Usable | undefined;
  return valueOf(given, row);
}

function usableIf(isUsable: boolean, value: unknown): Usable | undefined {
  return isUsable ? { value } : undefined;
}

function nameOf({ names, isNumbered }: RowOf<'name'>, given: unknown): string | undefined {
  if (typeof given === 'number') return isNumbered ? names[given] : undefined;
  if (typeof given !== 'string') return undefined;
  const wanted = given.trim().toLowerCase();
  return names.find((name) => name.toLowerCase() === wanted);
}

function isLabel(given: unknown): boolean {
  return typeof given === 'string' && given.length <= MAX_LABEL_LENGTH && publicLabel(given) !== undefined;
}
