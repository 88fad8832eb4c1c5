import { syntaxError } from './SqlError';

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'parameter';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Name or content without quotes; upper case for words is in `keyword`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface LexRules {
  /** What `"…"` means: a string (Databricks) or an identifier (DuckDB). */
  doubleQuote: 'string' | 'identifier';
  /** Whether a backslash escapes inside a string. */
  backslash: boolean;
}

export const DATABRICKS_RULES: LexRules = { doubleQuote: 'string', backslash: true };
export const DUCKDB_RULES: LexRules = { doubleQuote: 'identifier', backslash: false };

const WORD_START = /[\p{L}_]/u;
const WORD_PART = /[\p{L}\p{N}_$]/u;
const DIGIT = /[0-9]/;
const SYMBOLS = ['<=>', '::', '->>', '->', '||', '<=', '>=', '<>', '!=', '==', '//', '=>', '**'];

/** Splits SQL into tokens; comments and white space are dropped. Throws a syntax error for an unclosed quote. */
export function lex(sql: string, rules: LexRules = DATABRICKS_RULES): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, end: number, value?: string): void => {
    const text = sql.slice(at, end);
    tokens.push({ kind, text, value: value ?? text, start: at, end });
    at = end;
  };
  while (at < sql.length) {
    const char = sql[at] as string;
    if (/\s/.test(char)) at += 1;
    else if (sql.startsWith('--', at)) at = endOfLine(sql, at);
    else if (sql.startsWith('/*', at)) at = endOfComment(sql, at);
    else if (char === "'" || (char === '"' && rules.doubleQuote === 'string')) {
      const end = endOfQuoted(sql, at, char, rules.backslash);
      push('string', end, unquote(sql.slice(at + 1, end - 1), char, rules.backslash));
    } else if (char === '`' || char === '"') {
      const end = endOfQuoted(sql, at, char, false);
      push('quoted', end, sql.slice(at + 1, end - 1).replaceAll(char + char, char));
    } else if (DIGIT.test(char) || (char === '.' && DIGIT.test(sql[at + 1] ?? '') && !followsName(tokens, at))) {
      push('number', endOfNumber(sql, at));
    } else if (WORD_START.test(char)) push('word', endOfWord(sql, at));
    else if (char === ':' && WORD_START.test(sql[at + 1] ?? '') && !followsName(tokens, at)) {
      const end = endOfWord(sql, at + 1);
      push('parameter', end, sql.slice(at + 1, end));
    } else if (char === '?') push('parameter', at + 1, '');
    else push('symbol', at + (SYMBOLS.find((symbol) => sql.startsWith(symbol, at))?.length ?? 1));
  }
  return tokens;
}

/** The token as an upper-case keyword; empty for anything but a bare word. */
export function keyword(token: Token | undefined): string {
  return token?.kind === 'word' ? token.value.toUpperCase() : '';
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** Whether the character at `at` touches a preceding name or closing bracket, as in `a:b` or `t.1`. */
function followsName(tokens: readonly Token[], at: number): boolean {
  const last = tokens.at(-1);
  if (!last || last.end !== at) return false;
  return last.kind === 'word' || last.kind === 'quoted' || last.text === ')' || last.text === ']';
}

function endOfLine(sql: string, at: number): number {
  const end = sql.indexOf('\n', at);
  return end < 0 ? sql.length : end;
}

function endOfComment(sql: string, at: number): number {
  const end = sql.indexOf('*/', at + 2);
  if (end < 0) {
    throw syntaxError("'/*' (unclosed bracketed comment)");
  }
  return end + 2;
}

function endOfQuoted(sql: string, at: number, quote: string, backslash: boolean): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslash && sql[i] === '\\') i += 1;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i += 1;
    }
  }
  throw syntaxError(`${quote} (unclosed quote)`);
}

function unquote(inner: string, quote: string, backslash: boolean): string {
  const doubled = inner.replaceAll(quote + quote, quote);
  if (!backslash) return doubled;
  return doubled.replace(ESCAPE, (_all, octal?: string, short?: string, long?: string, char?: string) => {
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    const code = short ?? long;
    if (code !== undefined) return String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff));
    return ESCAPES[char ?? ''] ?? char ?? '';
  });
}

/** Octal codes, code points, and single characters. */
const ESCAPE = /\\(?:([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs;

/** `\%` and `\_` stay as they are, for LIKE. */
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  b: '\b',
  Z: '\x1a',
  '%': '\\%',
  _: '\\_',
};

function endOfNumber(sql: string, at: number): number {
  const match = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:BD|[LSYDF])?(?![\p{L}_])/iu.exec(sql.slice(at, at + 400));
  return at + (match?.[0].length ?? 1);
}

function endOfWord(sql: string, at: number): number {
  let end = at + 1;
  while (end < sql.length && WORD_PART.test(sql[end] as string)) end += 1;
  return end;
}
