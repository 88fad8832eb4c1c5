import { typedItems } from './columnNotes';
import { isSymbol, keyword, type Token } from './lexer';
import { shorthands, type Edit } from './shorthands';

/**
 * Source text that the parser library reads, with the same meaning: clauses that have no effect here (storage,
 * comments, table properties) and `LIMIT ALL` are blanked out, so that positions in error messages stay true.
 */
export function normalize(sql: string, tokens: readonly Token[]): string {
  const edits: Edit[] = [];
  let create = keyword(tokens[0]) === 'CREATE';
  const isAlter = keyword(tokens[0]) === 'ALTER';
  let depth = 0;
  let listEnd: Token | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (isSymbol(token, '(')) depth += 1;
    else if (isSymbol(token, ')')) {
      depth -= 1;
      if (create && depth === 0) listEnd ??= token;
    }
    const word = keyword(token);
    const next = tokens[i + 1];
    if (word === 'DEFAULT' && ((create && depth > 0) || isAlter)) edits.push(...inBrackets(tokens, i + 1));
    const opposite = oppositeQuantifier(tokens, i);
    if (opposite) edits.push(opposite);
    else if (word === 'GROUPING' && keyword(next) === 'SETS') edits.push(...keysBefore(tokens, i));
    else if (word === 'LIMIT' && keyword(next) === 'ALL') edits.push(blank(token, next as Token));
    else if ((word === 'TIMESTAMP_NTZ' || word === 'TIMESTAMP_LTZ') && next?.kind === 'string') {
      if (word === 'TIMESTAMP_LTZ') edits.push({ start: token.start, end: token.end, text: 'TIMESTAMP' });
      else edits.push({ start: token.start, end: next.end, text: `CAST(${next.text} AS ${word})` });
    } else if (create && depth === 0 && (word === 'AS' || word === 'SELECT')) create = false;
    else if (create && word === 'CHECK' && isSymbol(next, '(')) edits.push(...checked(tokens, i + 1));
    else if (create) {
      const end = endOfClause(tokens, i, depth);
      if (end !== undefined) {
        if (word === 'PARTITIONED' && listEnd) edits.push(...partitionColumns(sql, tokens, i + 2, listEnd));
        edits.push(blank(token, tokens[end] as Token));
        i = end;
      }
    }
  }
  return apply(
    sql,
    [...edits, ...shorthands(tokens)].sort((a, b) => a.start - b.start),
  );
}

const DEFAULT_ENDS = /^(?:NOT|COMMENT|CONSTRAINT|PRIMARY|FOREIGN|REFERENCES|CHECK|MASK|GENERATED|FIRST|AFTER)$/;

/** The parser reads a default that is made of several values in brackets only. */
function inBrackets(tokens: readonly Token[], start: number): Edit[] {
  let depth = 0;
  let isMade = false;
  let end = start;
  for (; end < tokens.length; end += 1) {
    const token = tokens[end] as Token;
    if (depth === 0 && (/^[,;)]$/.test(token.text) || DEFAULT_ENDS.test(keyword(token)))) break;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0 && end > start && token.kind === 'symbol' && /^[-+*/%|]+$/.test(token.text)) isMade = true;
  }
  const [first, last] = [tokens[start], tokens[end - 1]];
  if (!isMade || !first || !last) return [];
  return [
    { start: first.start, end: first.start, text: '(' },
    { start: last.end, end: last.end, text: ')' },
  ];
}

/** A condition of CHECK has to be true; the database lets through what is unknown. */
function checked(tokens: readonly Token[], open: number): Edit[] {
  const [from, to] = [tokens[open], tokens[endOfParentheses(tokens, open) ?? open]];
  if (!from || !to || to === from) return [];
  return [
    { start: from.end, end: from.end, text: '(' },
    { start: to.start, end: to.start, text: ') IS TRUE' },
  ];
}

/** Columns that are declared with the partitions are the last of the table; `listEnd` ends the list of the others. */
function partitionColumns(sql: string, tokens: readonly Token[], at: number, listEnd: Token): Edit[] {
  const declared = typedItems(tokens, at).map((item) => {
    const comment = item.findIndex((token, i) => i > 1 && keyword(token) === 'COMMENT');
    const last = item.at(comment < 0 ? -1 : comment - 1);
    return `, ${sql.slice(item[0]?.start, last?.end)}`;
  });
  return declared.length === 0 ? [] : [{ start: listEnd.start, end: listEnd.start, text: declared.join('') }];
}

/**
 * The parser reads `a NOT LIKE ANY (…)` as `NOT (a LIKE ANY (…))`, which it is not: not to be like one of them is not to be
 * like all of them.
 */
function oppositeQuantifier(tokens: readonly Token[], i: number): Edit | undefined {
  const [before, like, word] = [tokens[i - 2], tokens[i - 1], tokens[i]].map((token) => keyword(token));
  if (before !== 'NOT' || (like !== 'LIKE' && like !== 'ILIKE') || !isSymbol(tokens[i + 1], '(')) return undefined;
  const opposite = word === 'ALL' ? 'ANY' : word === 'ANY' || word === 'SOME' ? 'ALL' : undefined;
  const token = tokens[i];
  if (!opposite || !token) return undefined;
  return { start: token.start, end: token.end, text: opposite.padEnd(token.end - token.start) };
}

/** `GROUP BY a, b GROUPING SETS (…)`: the sets say which of the keys count. */
function keysBefore(tokens: readonly Token[], sets: number): Edit[] {
  if (isSymbol(tokens[sets - 1], ',') || keyword(tokens[sets - 1]) === 'BY') return [];
  let depth = 0;
  for (let i = sets - 1; i > 0; i--) {
    if (isSymbol(tokens[i], ')')) depth += 1;
    if (isSymbol(tokens[i], '(')) depth -= 1;
    const [from, to] = [tokens[i + 1], tokens[sets - 1]];
    if (depth === 0 && keyword(tokens[i]) === 'BY') return from && to ? [blank(from, to)] : [];
    if (depth < 0) return [];
  }
  return [];
}

function blank(from: Token, to: Token): Edit {
  return { start: from.start, end: to.end, text: ' '.repeat(to.end - from.start) };
}

function apply(sql: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += sql.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + sql.slice(at);
}

/** Index of the last token of the effectless clause that begins at `i`, if one does. */
function endOfClause(tokens: readonly Token[], i: number, depth: number): number | undefined {
  const next = tokens[i + 1];
  switch (keyword(tokens[i])) {
    case 'COMMENT':
      return next?.kind === 'string' ? i + 1 : undefined;
    case 'USING':
      return depth === 0 && next?.kind === 'word' ? i + 1 : undefined;
    case 'LOCATION':
      return depth === 0 && next?.kind === 'string' ? i + 1 : undefined;
    case 'TBLPROPERTIES':
    case 'OPTIONS':
      return depth === 0 ? endOfParentheses(tokens, i + 1) : undefined;
    case 'PARTITIONED':
    case 'CLUSTERED':
      return depth === 0 && keyword(next) === 'BY' ? endOfParentheses(tokens, i + 2) : undefined;
    case 'WITH':
      return depth === 0 && keyword(next) === 'SCHEMA' && keyword(tokens[i + 2]) === 'COMPENSATION' ? i + 2 : undefined;
    case 'CLUSTER':
      if (depth !== 0 || keyword(next) !== 'BY') return undefined;
      return tokens[i + 2]?.kind === 'word' ? i + 2 : endOfParentheses(tokens, i + 2);
    case 'NOT':
      return depth > 0 && keyword(next) === 'ENFORCED' ? i + 1 : undefined;
    case 'RELY':
    case 'NORELY':
      return depth > 0 && (isSymbol(tokens[i - 1], ')') || /^(?:ENFORCED|KEY)$/.test(keyword(tokens[i - 1])))
        ? i
        : undefined;
    default:
      return undefined;
  }
}

function endOfParentheses(tokens: readonly Token[], at: number): number | undefined {
  if (!isSymbol(tokens[at], '(')) return undefined;
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth += 1;
    if (isSymbol(tokens[i], ')')) depth -= 1;
    if (depth === 0) return i;
  }
  return undefined;
}
