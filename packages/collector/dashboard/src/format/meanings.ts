import { dictionary } from './dictionary';

/** What an error class, a SQLSTATE or a cause means, where its name does not say it. */
const MEANINGS = dictionary('codes');
/** By the first two characters of a SQLSTATE. */
const STATE_CLASSES = dictionary('states');

/** The first of `codes` that is known decides; nothing is said when none is. */
export function meaningOf(...codes: readonly (string | number | null)[]): string {
  const texts = codes.map(String);
  const state = texts.find((code) => /^[0-9A-Z]{5}$/.test(code)) ?? '';
  return texts.map((code) => MEANINGS.get(code)).find(Boolean) ?? STATE_CLASSES.get(state.slice(0, 2)) ?? '';
}
