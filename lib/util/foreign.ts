/** The properties of a value from elsewhere, of which nothing is known. */
export type Facts = Readonly<Record<string, unknown>>;

const NO_FACTS: Facts = Object.freeze({});

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What `value` (something thrown, parsed, or given by an application) has; nothing for what is no object. */
export function factsOf(value: unknown): Facts {
  return isObject(value) ? value : NO_FACTS;
}

/** The value that `text` is the JSON of; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
