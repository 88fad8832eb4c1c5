import { ApiError, invalid } from './ApiError';

export type Body = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object that a request carries; an empty body is an empty object. Throws an ApiError for anything else. */
export function readObject(bytes: Buffer): Body {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (!isObject(value))
    throw new ApiError(400, 'MALFORMED_REQUEST', 'Could not parse request object: expected a JSON object.');
  return value;
}

/** A text field; null counts as left out. */
export function textField(body: Body, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name} must be a string.`);
}

/** A positive integer, as a number or, since JSON has no 64-bit integers, as text. */
export function countField(body: Body, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return count;
  throw invalid(`${name} must be a positive integer.`);
}

export function choiceField<T extends string>(body: Body, name: string, choices: readonly T[], fallback: T): T {
  const value = textField(body, name);
  if (value === undefined || value === '') return fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw invalid(`${name} must be one of ${choices.join(', ')}; it is '${value}'.`);
}

/** Settings as an object of texts, or as a list of keys and values. */
export function settingsField(body: Body, name: string): Record<string, string> {
  const value = body[name] ?? {};
  const entries: [unknown, unknown][] = Array.isArray(value)
    ? value.map((item: unknown) => (isObject(item) ? [item['key'], item['value']] : [undefined, undefined]))
    : isObject(value)
      ? Object.entries(value)
      : [[undefined, undefined]];
  const settings: Record<string, string> = {};
  for (const [key, setting] of entries) {
    if (typeof key !== 'string') throw invalid(`${name} must be an object of strings.`);
    settings[key] = typeof setting === 'string' ? setting : JSON.stringify(setting ?? '');
  }
  return settings;
}

/** Query tags, a list of keys and values, in the text that Thrift has for them; a tag may have no value. */
export function tagsField(body: Body): string | undefined {
  const value = body['query_tags'] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalid('query_tags must be a list of keys and values.');
  const tags = value.map((item: unknown) => {
    const { key, value: text } = isObject(item) ? item : {};
    if (typeof key !== 'string' || !(typeof text === 'string' || text === undefined || text === null))
      throw invalid('query_tags must be a list of keys and values.');
    const escapedKey = key.replace(/\\/g, '\\\\');
    return typeof text === 'string' ? `${escapedKey}:${text.replace(/[\\,:]/g, '\\$&')}` : escapedKey;
  });
  return tags.length === 0 ? undefined : tags.join(',');
}
