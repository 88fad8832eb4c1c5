import { factsOf } from '../util/foreign';
import { driverErrorName } from './driverErrors';
import type { ErrorFacts } from './errorFacts';
import { publicText } from './fields/publicLabel';

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
  const { response, payload, sqlState } = factsOf(thrown);
  const name = nameOf(thrown);
  const text = known.serverMessage ?? (SERVER_ERRORS.has(name) ? factsOf(thrown)['message'] : undefined);
  const { sqlState: ofResponse, status: answered } = factsOf(response);
  return {
    name,
    code: known.code ?? codeOf(thrown) ?? codeOf(payload),
    sqlState: matching(SQL_STATE, known.sqlState, sqlState, ofResponse, factsOf(answered)['sqlState']),
    errorClass: typeof text === 'string' ? matching(ERROR_CLASS, MESSAGE_WITH_CLASS.exec(text)?.[1]) : undefined,
    httpStatus: known.httpStatus ?? statusOf(thrown) ?? statusOf(response) ?? statusOf(factsOf(payload)['response']),
    chunkId: known.chunkId,
  };
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
  const given = matching(NAME, factsOf(thrown)['name']);
  if (given !== undefined && !GENERAL_NAMES.has(given)) return given;
  const { constructor } = thrown;
  const className = typeof constructor === 'function' ? matching(CLASS_NAME, constructor.name) : undefined;
  if (className !== undefined && !GENERAL_CLASSES.has(className)) return className;
  return given ?? 'Error';
}

/** Code of the driver (`errorCode`), of the network or runtime, or the number that the server gave. */
function codeOf(thrown: unknown): string | undefined {
  const { code, errorCode } = factsOf(thrown);
  const named = matching(CODE, errorCode, code);
  if (named !== undefined) return named;
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0 ? `${code}` : undefined;
}

/** HTTP status of an error or an answer. */
function statusOf(value: unknown): number | undefined {
  const { statusCode, status } = factsOf(value);
  for (const found of [statusCode, status]) {
    if (typeof found === 'number' && Number.isInteger(found) && found >= 100 && found <= 599) return found;
  }
  return undefined;
}
