/** What is kept of a stack trace: never its text. */
export interface ErrorFacts {
  stage?: string;
  errorCode?: string;
  sqlState?: string;
  errorClass?: string;
  httpStatus?: number;
  isTerminal?: boolean;
}

/** The first line that `databricks-sql-telemetry` writes: `stage=execute code=ERROR sqlstate=42P01 …`. */
const OWN_LINE = /^stage=[a-z_]{1,32}(?: [a-z]+=[\w.]+)*$/;
const OWN_PARTS: Readonly<Record<string, [RegExp, (facts: ErrorFacts, value: string) => void]>> = {
  stage: [/^[a-z_]{1,32}$/, (facts, value) => (facts.stage = value)],
  code: [/^(?:[A-Z][A-Z0-9_]{1,63}|\d{1,9})$/, (facts, value) => (facts.errorCode = value)],
  sqlstate: [/^[0-9A-Z]{5}$/, (facts, value) => (facts.sqlState = value)],
  class: [/^[A-Z_]{3,64}(?:\.[A-Z_]{1,64})?$/, (facts, value) => (facts.errorClass = value)],
  http: [/^[1-5]\d\d$/, (facts, value) => (facts.httpStatus = Number(value))],
  retryable: [/^(?:true|false)$/, (facts, value) => (facts.isTerminal = value === 'false')],
};

/** Databricks begins its messages with the error class in brackets; brackets further on may hold a user's identifier. */
const LEADING_CLASS = /^(?:[\w.$]{1,80}: ){0,3}\[([A-Z][A-Z_]{2,63}(?:\.[A-Z][A-Z_]{0,63})?)\] /;
/** What the driver for Java writes before the message of the server. Anchored: nothing of a user stands before it. */
const JAVA_CLASS =
  /^Operation failed with error: \[[^\]]{0,200}\] for statement \[[\da-f-]{36}\], with response \[TGetOperationStatusResp\(status:TStatus\([^)]{0,200}\), (?:\w+:\w+, ){0,4}errorMessage:\[([A-Z][A-Z_]{2,63}(?:\.[A-Z][A-Z_]{0,63})?)\] /;
const SQLSTATE = /\bSQLSTATE[:= (]{1,3}([0-9A-Z]{5})\b/;
const LOOKED_AT = 8_192;

/** Code, class, SQLSTATE and HTTP status out of a stack trace of any driver. Total, linear in a bounded prefix. */
export function reduceError(stackTrace: string): ErrorFacts {
  const text = stackTrace.slice(0, LOOKED_AT);
  const firstLine = text.split('\n', 1)[0] ?? '';
  const facts: ErrorFacts = {};
  if (OWN_LINE.test(firstLine)) {
    for (const part of firstLine.split(' ')) {
      const at = part.indexOf('=');
      const [pattern, set] = OWN_PARTS[part.slice(0, at)] ?? [];
      const value = part.slice(at + 1);
      if (pattern?.test(value)) set?.(facts, value);
    }
    return facts;
  }
  const errorClass = (LEADING_CLASS.exec(text) ?? JAVA_CLASS.exec(text))?.[1];
  const sqlState = SQLSTATE.exec(text)?.[1];
  if (errorClass !== undefined) facts.errorClass = errorClass;
  if (sqlState !== undefined) facts.sqlState = sqlState;
  return facts;
}
