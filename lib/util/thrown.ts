import { hasCredential } from './credential';
import { isObject } from './foreign';

/** A thrown value without its text: by which name and code it can be shown. */
export interface ThrownLabels {
  readonly name: string;
  readonly code: string | undefined;
}

/** One word. Longer ones are texts that somebody took for a name. */
const WORD = /^[\w$.-]{1,64}$/;

/**
 * Name and code of a thrown value of any realm, never its text, which may hold user data. Whoever throws chooses both: what
 * is no word, or looks like a credential, is left out. Cannot throw.
 */
export function labelsOf(thrown: unknown): ThrownLabels {
  try {
    if (!isObject(thrown)) return { name: typeof thrown, code: undefined };
    const { name, code } = thrown;
    return { name: wordOf(name) ?? (isError(thrown) ? 'Error' : 'object'), code: wordOf(code) };
  } catch {
    // A getter or a proxy trap of the thrown value threw.
    return { name: 'unknown', code: undefined };
  }
}

/** `RangeError (E_RANGE)`. Cannot throw. */
export function describeThrown(thrown: unknown): string {
  const { name, code } = labelsOf(thrown);
  return code === undefined ? name : `${name} (${code})`;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) && !hasCredential(value) ? value : undefined;
}

function isError(thrown: object): boolean {
  return thrown instanceof Error || 'stack' in thrown;
}
