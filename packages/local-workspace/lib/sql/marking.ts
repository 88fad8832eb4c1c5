import { isSymbol, keyword, type Token } from './lexer';

/** Stands before the name of every called function, so that the parser gives none of them a meaning of its own. */
export const MARK = '__f_';

/** Words that a bracket may follow although they call nothing. */
const NO_CALLS: ReadonlySet<string> = new Set(
  (
    'ALL ALTER AND ANALYZE AS BETWEEN BY CASE CAST CHECK CLUSTER CLUSTERED COLUMN COLUMNS CREATE CROSS CUBE DEFAULT DELETE DISTINCT ' +
    'DISTRIBUTE ELSE EXCEPT EXCLUDE EXISTS FOR FOREIGN FROM FULL GROUP HAVING ILIKE IN INNER INSERT INTERSECT INTERVAL INTO IS ' +
    'JOIN KEY LATERAL LIKE LIMIT MATCHED MERGE MINUS NATURAL NOT NULLS OFFSET ON OPTIONS OR ORDER OUTER OVER OVERWRITE PARTITION ' +
    'PARTITIONED PIVOT PRIMARY QUALIFY RECURSIVE REFERENCES REGEXP RENAME RLIKE ROLLUP ROWS SELECT SET SETS SORT STRUCT TABLE ' +
    'TABLESAMPLE TBLPROPERTIES THEN TO TRY_CAST UNION UNIQUE UNPIVOT UPDATE USING VALUES WHEN WHERE WITH WITHIN'
  ).split(' '),
);

/** Types that carry parameters in brackets, and are functions elsewhere. */
const SIZED_TYPES = new Set(['DECIMAL', 'DEC', 'NUMERIC', 'CHAR', 'CHARACTER', 'VARCHAR']);

/** Functions whose arguments may be separated by words. */
const WORDED = new Map<string, ReadonlySet<string>>([
  ['EXTRACT', new Set(['FROM'])],
  ['TRIM', new Set(['FROM', 'BOTH', 'LEADING', 'TRAILING'])],
  ['SUBSTRING', new Set(['FROM', 'FOR'])],
  ['SUBSTR', new Set(['FROM', 'FOR'])],
  ['POSITION', new Set(['IN'])],
  ['OVERLAY', new Set(['PLACING'])],
]);

export interface Insertion {
  at: number;
  length: number;
}

/** `sql` with a mark before the name of everything that is called, and where the marks stand in the source. */
export function markCalls(sql: string, tokens: readonly Token[]): { text: string; insertions: Insertion[] } {
  const insertions: Insertion[] = [];
  let text = '';
  let at = 0;
  let typeDepth = 0;
  tokens.forEach((token, i) => {
    typeDepth = depthOfType(tokens, i, typeDepth);
    if (typeDepth > 0 || !isSymbol(tokens[i + 1], '(') || !isCall(tokens, i)) return;
    const start = token.kind === 'quoted' ? token.start + 1 : token.start;
    text += sql.slice(at, start) + MARK;
    insertions.push({ at: start, length: MARK.length });
    at = start;
  });
  return { text: text + sql.slice(at), insertions };
}

/** Nesting of `<` in a type such as `map<string, decimal(10,2)>`; zero outside of one. */
export function depthOfType(tokens: readonly Token[], i: number, depth: number): number {
  const token = tokens[i];
  if (isSymbol(token, '<') && (depth > 0 || /^(?:ARRAY|MAP|STRUCT)$/.test(keyword(tokens[i - 1])))) return depth + 1;
  if (depth === 0) return 0;
  if (isSymbol(token, '>')) return depth - 1;
  return isSymbol(token, '>>') ? Math.max(0, depth - 2) : depth;
}

function isCall(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  if (token?.kind === 'quoted') return true;
  const word = keyword(token);
  if (!word) return false;
  if (word === 'EXISTS') return !/^(?:SELECT|WITH|VALUES|FROM)$/.test(keyword(tokens[i + 2]));
  if (word === 'FILTER') return !isSymbol(tokens[i - 1], ')');
  if (word === 'ANY' || word === 'SOME') return !/^(?:I?LIKE|RLIKE|REGEXP)$/.test(keyword(tokens[i - 1]));
  if (word === 'ALL' || word === 'LEFT' || word === 'RIGHT') return word !== 'ALL';
  if (word === 'STRUCT' || word === 'RANGE' || word === 'REPLACE')
    return word !== 'REPLACE' || !isStarReplace(tokens, i);
  if (SIZED_TYPES.has(word)) return !isType(tokens, i);
  const separators = WORDED.get(word);
  if (separators) return !hasWord(tokens, i + 1, separators);
  return !NO_CALLS.has(word);
}

/** `* REPLACE (…)`. */
function isStarReplace(tokens: readonly Token[], i: number): boolean {
  return isSymbol(tokens[i - 1], '*');
}

/** After `AS`, `::` or the name of a column. */
function isType(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (isSymbol(before, '::') || isSymbol(before, ':')) return true;
  if (before?.kind === 'quoted') return true;
  const word = keyword(before);
  return word !== '' && (word === 'AS' || word === 'TYPE' || !NO_CALLS.has(word));
}

/** Whether one of `words` stands between the bracket at `open` and its end, outside of inner ones. */
function hasWord(tokens: readonly Token[], open: number, words: ReadonlySet<string>): boolean {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth += 1;
    if (isSymbol(tokens[i], ')')) depth -= 1;
    if (depth === 0) return false;
    if (depth === 1 && words.has(keyword(tokens[i]))) return true;
  }
  return false;
}
