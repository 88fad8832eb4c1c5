import { keyword, lex, type Token } from './lexer';
import { isNode, type Node } from './nodes';
import { parseTree } from './parserEngine';

const NEGATED = /^NOT\b(.*)$/is;

/** The parser leaves `NOT a LIKE b` as text. Replaces it, in place, by the negation that it is. `sql`: what was parsed. */
export function readNegations(value: unknown, sql: string): void {
  const tokens = lex(sql);
  const read = (node: unknown): unknown => {
    const raw = isNode(node) ? node['raw'] : undefined;
    return isNode(raw) ? negation(written(String(raw['sql']), sql, tokens)) : undefined;
  };
  const visit = (within: unknown): void => {
    if (Array.isArray(within)) {
      (within as unknown[]).forEach((item, i) => {
        within[i] = read(item) ?? item;
        visit(within[i]);
      });
    } else if (isNode(within)) {
      for (const [key, inner] of Object.entries(within)) {
        within[key] = read(inner) ?? inner;
        visit(within[key]);
      }
    }
  };
  visit(value);
}

function negation(text: string): Node | undefined {
  const [, rest] = NEGATED.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const select = parseTree(`SELECT ${rest}`)?.['select'];
  const items = isNode(select) ? select['expressions'] : undefined;
  const [first, more] = Array.isArray(items) ? (items as unknown[]) : [];
  return isNode(first) && more === undefined ? { not: { this: { paren: { this: first } } } } : undefined;
}

/** `raw` as it stands in `sql`: the parser's text is without the quotes of names and the `X''` of binaries. */
function written(raw: string, sql: string, tokens: readonly Token[]): string {
  const wanted = raw.replace(/\s/g, '');
  for (let first = 0; first < tokens.length; first++) {
    if (keyword(tokens[first]) !== 'NOT') continue;
    let found = '';
    for (let last = first; last < tokens.length && wanted.startsWith(found); last++) {
      found += bare(tokens, last);
      if (found === wanted) return sql.slice(tokens[first]?.start, tokens[last]?.end);
    }
  }
  return raw;
}

/** What the parser's text has of a token, without white space. */
function bare(tokens: readonly Token[], at: number): string {
  const token = tokens[at] as Token;
  if (isBinaryMark(token, tokens[at + 1])) return '';
  const isUnquoted = token.kind === 'quoted' || isBinaryMark(tokens[at - 1], token);
  return (isUnquoted ? token.value : token.text).replace(/\s/g, '');
}

const isBinaryMark = (token: Token | undefined, next: Token | undefined): boolean =>
  keyword(token) === 'X' && next?.kind === 'string' && token?.end === next.start;
