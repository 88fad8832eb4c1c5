/** What is known of an error, without its text. */
export interface ErrorFacts {
  /** Class name of the error. */
  readonly name: string;
  /** Driver error code, e.g. `CANCELED`, or a network code such as `ECONNRESET`. */
  readonly code: string | undefined;
  readonly sqlState: string | undefined;
  /** Error class of the server, e.g. `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly errorClass: string | undefined;
  readonly httpStatus: number | undefined;
  /** CloudFetch file that failed, counted from 0. */
  readonly chunkId: number | undefined;
}

/** A request that failed: name, code and status, no text. */
export interface RequestFailure {
  readonly name: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
}

/** Estimated bytes of an error besides its text: the object and its unformatted stack. */
const ERROR_BYTES = 1024;
/** Of an error with a longer text only its beginning is kept: all of it would take the place of a thousand other records. */
const MAX_TEXT_CHARACTERS = 2 ** 18;
const BEGINNING_CHARACTERS = 2 ** 12;

/**
 * A thrown value, kept until its record is encoded: the engine formats a stack when somebody asks for it. Shows nothing of
 * it to those who print, copy or serialise it.
 */
export class ThrownValue {
  readonly #thrown: unknown;
  /** Estimated bytes that it keeps alive. */
  readonly retainedBytes: number;

  constructor(thrown: unknown) {
    const text = textOf(thrown, 'message') ?? '';
    const isKept = text.length <= MAX_TEXT_CHARACTERS;
    // Copied: a part of a string keeps all of it.
    this.#thrown = isKept ? thrown : { message: Buffer.from(text.slice(0, BEGINNING_CHARACTERS)).toString() };
    this.retainedBytes = ERROR_BYTES + 2 * (isKept ? text.length : BEGINNING_CHARACTERS);
  }

  stack(): string | undefined {
    return textOf(this.#thrown, 'stack');
  }

  message(): string | undefined {
    return textOf(this.#thrown, 'message');
  }
}

/** Cannot throw: reading runs code of whoever threw. */
function textOf(thrown: unknown, name: 'stack' | 'message'): string | undefined {
  try {
    const text: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
