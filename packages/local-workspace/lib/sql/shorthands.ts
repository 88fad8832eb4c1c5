import { isSymbol, keyword, type Token } from './lexer';
import { syntaxError } from './SqlError';

/** A part of the source that another text stands for. */
export type Edit = { start: number; end: number; text: string };

/** What the parser does not read, in the form that it does: `TABLE t`, `FROM VALUES 1, 2`, `LIMIT -1`, `UPDATE default.t`. */
export function shorthands(tokens: readonly Token[]): Edit[] {
  const start = tokens.findIndex((token) => !isSymbol(token, '('));
  return tokens.flatMap((token, i) => {
    switch (keyword(token)) {
      case 'TABLE':
        return (i === start || isInserted(tokens, i, start)) && isName(tokens[i + 1])
          ? [{ start: token.start, end: token.end, text: 'SELECT * FROM' }]
          : [];
      case 'VALUES':
        return keyword(tokens[start]) === 'CREATE' && keyword(tokens[i - 1]) === 'AS'
          ? [{ start: token.start, end: token.start, text: 'SELECT * FROM ' }]
          : bareValues(tokens, i);
      case 'PURGE':
        return keyword(tokens[start]) === 'DROP' && i > start + 2 && i >= tokens.length - 2
          ? [{ start: token.start, end: token.end, text: '' }]
          : [];
      case 'LIMIT':
        return bracketed(tokens, i + 1);
      case 'UPDATE':
        return i === start ? quotedPath(tokens, i + 1) : [];
      case 'EXTRACT':
        return fieldAsWritten(tokens, i);
      case 'EXCLUDE':
        if (isSymbol(tokens[i - 1], '*') && isSymbol(tokens[i + 1], '(')) throw syntaxError(`'${token.text}'`);
        return [];
      default:
        if (isSymbol(token, '|') && isSymbol(tokens[i + 1], '/')) throw syntaxError("'|'");
        return isSymbol(token, '+') ? signed(tokens, i) : [];
    }
  });
}

/** `INSERT INTO t TABLE s`: the second name is that of the rows. */
function isInserted(tokens: readonly Token[], at: number, start: number): boolean {
  return keyword(tokens[start]) === 'INSERT' && !/^(?:INTO|OVERWRITE|INSERT)$/.test(keyword(tokens[at - 1]));
}

/** Stands before the field of EXTRACT, of which the parser would make another word. */
export const FIELD = /^__x_/;

function fieldAsWritten(tokens: readonly Token[], at: number): Edit[] {
  const [open, field, from] = tokens.slice(at + 1, at + 4);
  if (!isSymbol(open, '(') || field?.kind !== 'word' || keyword(from) !== 'FROM') return [];
  return [{ start: field.start, end: field.start, text: '__x_' }];
}

/** The name that is updated: after that word the parser takes `default` and others in a path for keywords. */
function quotedPath(tokens: readonly Token[], from: number): Edit[] {
  const edits: Edit[] = [];
  for (let i = from; isName(tokens[i]); i += 2) {
    const token = tokens[i] as Token;
    const isLast = !isSymbol(tokens[i + 1], '.');
    if (token.kind === 'word' && !(isLast && i === from)) {
      edits.push({ start: token.start, end: token.end, text: `\`${token.text}\`` });
    }
    if (isLast) break;
  }
  return edits;
}

const OPERAND_BEFORE = /^(?:SELECT|DISTINCT|WHERE|AND|OR|NOT|WHEN|THEN|ELSE|CASE|IN|BETWEEN|BY|HAVING|ON|LIKE|DIV)$/;

/** A plus that is a sign, which the parser forgets: it keeps `|/`, which binds alike. */
function signed(tokens: readonly Token[], at: number): Edit[] {
  const [before, sign, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (!before || !sign || !next) return [];
  const isSign = before.kind === 'symbol' ? !/^[)\]]$/.test(before.text) : OPERAND_BEFORE.test(keyword(before));
  if (!isSign) return [];
  return [{ start: sign.start, end: next.start > sign.end ? sign.end + 1 : sign.end, text: '|/' }];
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

/** A bound that is no plain number. */
function bracketed(tokens: readonly Token[], at: number): Edit[] {
  const first = tokens[at];
  const last = isSymbol(first, '-') ? tokens[at + 1] : first;
  const isOdd =
    last?.kind === 'number' ? last !== first : last === first && (last?.kind === 'string' || keyword(last) === 'NULL');
  if (!first || !last || !isOdd) return [];
  return [
    { start: first.start, end: first.start, text: '(' },
    { start: last.end, end: last.end, text: ')' },
  ];
}

/** Rows of one column without brackets, in FROM. */
function bareValues(tokens: readonly Token[], at: number): Edit[] {
  const [before, word, first] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (!/^(?:FROM|JOIN)$/.test(keyword(before)) || !word || !first || !beginsValue(first, tokens[at + 2])) return [];
  const last = tokens[endOfValues(tokens, at + 1) - 1] ?? first;
  return [
    { start: word.start, end: word.start, text: '(' },
    { start: last.end, end: last.end, text: ')' },
  ];
}

function beginsValue(token: Token, next: Token | undefined): boolean {
  if (token.kind === 'number' || token.kind === 'string' || isSymbol(token, '-')) return true;
  if (token.kind !== 'word') return false;
  return /^(?:NULL|TRUE|FALSE)$/.test(keyword(token)) || isSymbol(next, '(') || next?.kind === 'string';
}

const WITHIN = /^(?:AND|OR|IS|NOT|NULL|TRUE|FALSE|LIKE|RLIKE|IN|BETWEEN|DIV)$/;

/** Index behind the last value: at an alias, a clause, the end of brackets or of the statement. */
function endOfValues(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth < 0 || (depth === 0 && isSymbol(token, ';'))) return i;
    if (depth > 0 || !isName(token) || WITHIN.test(keyword(token)) || i === from) continue;
    if (endsValue(tokens[i - 1])) return i;
  }
  return tokens.length;
}

function endsValue(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== 'symbol' || isSymbol(token, ')') || isSymbol(token, ']'));
}
