import { publicText } from './fields/publicLabel';
import { driverErrorName } from './driverErrors';

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

/** What the place of the failure knows better than the thrown value. */
export type KnownFacts = Partial<Pick<ErrorFacts, 'code' | 'sqlState' | 'httpStatus' | 'chunkId'>> & {
  /** What the server said; only an error class is taken from it. */
  readonly serverMessage?: string | undefined;
};

const NAME = publicText(String.raw`[A-Za-z_$][\w$]{2,63}`);
/** Longer than what a bundler makes of a class's name. */
const CLASS_NAME = publicText(String.raw`[A-Za-z_$][\w$]{3,63}`);
const CODE = publicText('[A-Z][A-Z0-9_]{1,63}');
const ERROR_CLASS = publicText(String.raw`[A-Z_]{3,64}(?:\.[A-Z_]{1,64})?`);
const SQL_STATE = /^[0-9A-Z]{5}$/;

/** How the server begins a message that has an error class: `[TABLE_OR_VIEW_NOT_FOUND] …`. */
const MESSAGE_WITH_CLASS =
  /^(?:org\.apache\.hive\.service\.cli\.HiveSQLException: )?(?:Error running query: )?\[([A-Z_]{3,64}(?:\.[A-Z_]{1,64})?)\]/;

/** Errors of the driver whose text is the server's own. */
const SERVER_ERRORS: ReadonlySet<string> = new Set(['StatusError', 'OperationStateError', 'HiveDriverError']);

/** Names that an error has from a class of the language: the name of its own class says more. */
const GENERAL_NAMES: ReadonlySet<string> = new Set([
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
]);
/** Classes that say less than any name. */
const GENERAL_CLASSES: ReadonlySet<string> = new Set(['Object', 'Error', 'DOMException']);

/** Estimated bytes of an error besides its text: the object and its unformatted stack. */
const ERROR_BYTES = 1024;

/**
 * Reduces a thrown value to class, codes and status, without its text and without a look at its stack, which takes longer
 * than all else. Never throws, whatever was thrown.
 */
export function toErrorFacts(thrown: unknown, known: KnownFacts = {}): ErrorFacts {
  try {
    return findFacts(thrown, known);
  } catch {
    // A getter or a proxy trap of the thrown value threw.
    return findFacts(undefined, known);
  }
}

function findFacts(thrown: unknown, known: KnownFacts): ErrorFacts {
  const response = property(thrown, 'response');
  const payload = property(thrown, 'payload');
  const name = nameOf(thrown);
  const text = known.serverMessage ?? (SERVER_ERRORS.has(name) ? stringOf(thrown, 'message') : undefined);
  return {
    name,
    code: known.code ?? codeOf(thrown) ?? codeOf(payload),
    sqlState: matching(
      SQL_STATE,
      known.sqlState,
      property(thrown, 'sqlState'),
      property(response, 'sqlState'),
      property(property(response, 'status'), 'sqlState'),
    ),
    errorClass: text === undefined ? undefined : matching(ERROR_CLASS, MESSAGE_WITH_CLASS.exec(text)?.[1]),
    httpStatus: known.httpStatus ?? statusOf(thrown) ?? statusOf(response) ?? statusOf(property(payload, 'response')),
    chunkId: known.chunkId,
  };
}

/**
 * A thrown value, kept until its record is encoded: the engine formats a stack when somebody asks for it. Shows nothing of
 * it to those who print, copy or serialise it.
 */
export class ThrownValue {
  readonly #thrown: unknown;
  /** Estimated bytes that it keeps alive. */
  readonly retainedBytes: number;

  constructor(thrown: unknown) {
    this.#thrown = thrown;
    this.retainedBytes = ERROR_BYTES + 2 * (this.message()?.length ?? 0);
  }

  stack(): string | undefined {
    return readText(this.#thrown, 'stack');
  }

  message(): string | undefined {
    return readText(this.#thrown, 'message');
  }
}

function readText(thrown: unknown, name: string): string | undefined {
  try {
    return stringOf(thrown, name);
  } catch {
    // As in toErrorFacts: reading runs code of whoever threw.
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function stringOf(value: unknown, name: string): string | undefined {
  const text = property(value, name);
  return typeof text === 'string' ? text : undefined;
}

/** The first of `values` that is a string of that form. */
function matching(pattern: RegExp, ...values: readonly unknown[]): string | undefined {
  for (const value of values) if (typeof value === 'string' && pattern.test(value)) return value;
  return undefined;
}

/** The name that the thrown value gives itself is kept by a bundler that shortens names; that of its class is not. */
function nameOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'NonError';
  const ofDriver = driverErrorName(thrown);
  if (ofDriver !== undefined) return ofDriver;
  const given = matching(NAME, property(thrown, 'name'));
  if (given !== undefined && !GENERAL_NAMES.has(given)) return given;
  const { constructor } = thrown;
  const className = typeof constructor === 'function' ? matching(CLASS_NAME, constructor.name) : undefined;
  if (className !== undefined && !GENERAL_CLASSES.has(className)) return className;
  return given ?? 'Error';
}

/** Code of the driver (`errorCode`), of the network or runtime, or the number that the server gave. */
function codeOf(thrown: unknown): string | undefined {
  const code = property(thrown, 'code');
  const named = matching(CODE, property(thrown, 'errorCode'), code);
  if (named !== undefined) return named;
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0 ? `${code}` : undefined;
}

/** HTTP status of an error or an answer. */
function statusOf(value: unknown): number | undefined {
  for (const status of [property(value, 'statusCode'), property(value, 'status')]) {
    if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  }
  return undefined;
}
