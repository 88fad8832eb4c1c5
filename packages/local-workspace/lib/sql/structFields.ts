import { isSymbol, keyword, type Token } from './lexer';
import { MARK } from './marking';

/** A piece of the text between `start` and `end` that becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CALLED = `${MARK}struct`.toUpperCase();

/** The call that a named field of `struct(…)` becomes: the parser knows no names between arguments. */
export const NAMED_FIELD = `${MARK}named_field`;

/** `struct(1 AS a)` as `struct(named_field(1, a))`: the edits for every named field of every such call. */
export function nameFields(tokens: readonly Token[]): Edit[] {
  const edits: Edit[] = [];
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (keyword(token) === CALLED && next && isSymbol(next, '(')) edits.push(...fieldsOf(tokens, i + 1));
  });
  return edits.sort((a, b) => a.start - b.start || a.end - b.end);
}

function fieldsOf(tokens: readonly Token[], open: number): Edit[] {
  const edits: Edit[] = [];
  let depth = 0;
  let first = open + 1;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
    const ends = depth === 1 && (isSymbol(token, ',') || isSymbol(token, ')'));
    if (ends) {
      edits.push(...named(tokens, first, i));
      first = i + 1;
    }
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    if (depth === 0) break;
  }
  return edits;
}

/** Edits for the field between two places, when it ends in `AS name`. */
function named(tokens: readonly Token[], first: number, end: number): Edit[] {
  const [start, as, name] = [tokens[first], tokens[end - 2], tokens[end - 1]];
  if (end - first < 3 || !start || keyword(as) !== 'AS' || !as || (name?.kind !== 'word' && name?.kind !== 'quoted'))
    return [];
  const text = name.kind === 'word' ? `\`${name.text}\`` : name.text;
  return [
    { start: start.start, end: start.start, text: `${NAMED_FIELD}(` },
    { start: as.start, end: as.end, text: ', ' },
    { start: name.start, end: name.end, text: `${text})` },
  ];
}

export function applied(sql: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of edits) {
    result += sql.slice(at, start) + text;
    at = end;
  }
  return result + sql.slice(at);
}
