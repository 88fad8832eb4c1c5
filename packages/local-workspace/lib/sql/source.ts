import { refusedClause } from './clauses';
import { isSymbol, keyword, lex, type Token } from './lexer';
import { depthOfType, MARK, markCalls } from './marking';
import { isNode, type Node } from './nodes';
import { readNegations } from './negations';
import { normalize } from './normalize';
import { parseOutcome } from './parserEngine';
import { applied, nameFields } from './structFields';
import { syntaxError, unsupported } from './SqlError';
import { suffixedNumber } from './compile/literals';
import type { Typed } from './compile/Typed';

/**
 * A statement as a tree; text literals and numbers with a suffix stand in it as numbered marks, and `?` as `:_0`, `:_1`, …
 * by its place in the text.
 */
export interface Source {
  readonly root: Node;
  readonly tokens: readonly Token[];
  readonly texts: readonly string[];
  readonly numbers: readonly Typed[];
  /** The statement without the clauses that have no effect here. */
  readonly normalized: string;
}

/** Reads one statement. Throws a SqlError for bad syntax. */
export function readSource(sql: string): Source {
  const tokens = lex(sql);
  if (tokens.length === 0) throw syntaxError('end of input');
  const normalized = normalize(sql, tokens);
  const marked = withMarks(normalized);
  const parsed = parseOutcome(marked.text);
  if (typeof parsed === 'string') {
    const construct = unreadable(tokens);
    throw construct === undefined
      ? parseError({ sql, normalized, marked: marked.text }, parsed, tokens)
      : unsupported(construct);
  }
  const statements = parsed.filter(isNode);
  if (statements.length !== 1) throw syntaxError(`';' (one statement at a time)`);
  if (/\bNOT\b/i.test(normalized)) readNegations(statements[0], marked.text);
  withoutMarks(statements[0]);
  if (/\bLIKE\s+(?:ANY|ALL|SOME)\b/i.test(normalized)) giveBackAliases(statements[0]);
  return { root: statements[0] as Node, tokens, texts: marked.texts, numbers: marked.numbers, normalized };
}

/** What a warehouse reads and the parser does not. */
function unreadable(tokens: readonly Token[]): string | undefined {
  const words = tokens.map((token) => keyword(token));
  const refused = refusedClause(tokens);
  if (refused !== undefined) return refused;
  const transform = words.findIndex((word, i) => /^(?:TRANSFORM|MAP|REDUCE)$/.test(word) && i > 0);
  return transform > 0 && words.indexOf('USING', transform) > 0 && tokens.some((token) => token.kind === 'string')
    ? `${words[transform]} … USING`
    : undefined;
}

/** Names that only looked like calls: of tables, of relations of WITH, of aliases with columns. */
function withoutMarks(value: unknown): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) withoutMarks(item);
  else if (isNode(value)) {
    const { name } = value;
    if (typeof name === 'string' && name.startsWith(MARK) && !('args' in value))
      value['name'] = name.slice(MARK.length);
    for (const inner of Object.values(value)) withoutMarks(inner);
  }
}

/** The parser gives the alias behind `… LIKE ANY (…)` to the list of patterns: it is that of the item. */
function giveBackAliases(value: unknown): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) giveBackAliases(item);
  else if (isNode(value)) {
    const { expressions } = value;
    for (const inner of Object.values(value)) giveBackAliases(inner);
    if (!Array.isArray(expressions)) return;
    (expressions as unknown[]).forEach((item, i) => {
      const alias = takenAlias(item);
      if (alias) expressions[i] = { alias: { ...alias, this: item } };
    });
  }
}

function takenAlias(value: unknown): Node | undefined {
  if (!isNode(value)) return undefined;
  const { right, quantifier } = value;
  if (typeof quantifier === 'string' && isNode(right) && isNode(right['alias'])) {
    const { alias } = right;
    value['right'] = alias['this'];
    return alias;
  }
  for (const inner of Object.values(value)) {
    const alias = takenAlias(inner);
    if (alias) return alias;
  }
  return undefined;
}

function withMarks(sql: string): { text: string; texts: string[]; numbers: Typed[] } {
  const marked = markCalls(sql, lex(sql)).text;
  const called = /\bstruct\s*\(/i.test(sql) ? applied(marked, nameFields(lex(marked))) : marked;
  const tokens = lex(called);
  const texts: string[] = [];
  const numbers: Typed[] = [];
  let text = '';
  let at = 0;
  let positions = 0;
  let typeDepth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const isInType = typeDepth > 0;
    typeDepth = depthOfType(tokens, i, typeDepth);
    if (
      typeDepth === 0 &&
      !isInType &&
      isSymbol(token, '>') &&
      isSymbol(tokens[i + 1], '>') &&
      isSymbol(tokens[i + 2], '>') &&
      tokens[i + 2]?.end === token.end + 2
    )
      throw unsupported('The operator >>>');
    if (isSymbol(token, '|') && isSymbol(tokens[i + 1], '>')) throw unsupported('The pipe operator |>');
    if (token.kind === 'string') {
      const last = lastOfText(tokens, i);
      const value = tokens
        .slice(i, last + 1)
        .map((part, j) => valueOf(called, tokens[i + j - 1], part))
        .join('');
      const isRaw = rawPrefix(tokens[i - 1], token);
      text +=
        called.slice(at, isRaw ? (tokens[i - 1] as Token).start : token.start) + `'__s${texts.push(value) - 1}__'`;
      at = (tokens[last] as Token).end;
      i = last;
    } else if (token.kind === 'parameter' && token.value === '') {
      text += `${called.slice(at, token.start)} :_${positions++}`;
      at = token.end;
    } else if (token.kind === 'number' && /[a-z]$/i.test(token.text) && !/^0x/i.test(token.text)) {
      text += called.slice(at, token.start) + `__n${numbers.push(suffixedNumber(token.text)) - 1}__`;
      at = token.end;
    }
  }
  return { text: text + called.slice(at), texts, numbers };
}

/** Literals with nothing but white space between them are one. */
function lastOfText(tokens: readonly Token[], first: number): number {
  let last = first;
  while (tokens[last + 1]?.kind === 'string') last += 1;
  return last;
}

function rawPrefix(before: Token | undefined, token: Token): boolean {
  return keyword(before) === 'R' && before?.end === token.start;
}

function valueOf(sql: string, before: Token | undefined, token: Token): string {
  if (rawPrefix(before, token)) return sql.slice(token.start + 1, token.end - 1);
  return token.value;
}

type Texts = Readonly<Record<'sql' | 'normalized' | 'marked', string>>;

function parseError({ sql, normalized, marked }: Texts, message: string, tokens: readonly Token[]): Error {
  const plain = parseOutcome(normalized);
  const [source, text] = typeof plain === 'string' ? [normalized, plain] : [marked, message];
  const match = /line (\d+), column (\d+)/.exec(text);
  if (!match) return syntaxError(`'${source.trim().slice(0, 40)}'`);
  const line = Number(match[1]);
  const end = offsetOf(source, line, Number(match[2]) - 1);
  const near = [...tokens].reverse().find((token) => token.start < end) ?? tokens[0];
  if (!near) return syntaxError('end of input');
  return syntaxError(`'${near.text}'`, { sql, offset: near.start });
}

function offsetOf(source: string, line: number, column: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) offset = source.indexOf('\n', offset) + 1;
  return offset + column;
}
