import { keyword, type Token } from './lexer';
import type { Node } from './nodes';
import { syntaxError, unsupported } from './SqlError';

/** The parts of statements that are read; the parser knows those of other dialects too. */
const READ: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  insert: new Set([
    'table',
    'columns',
    'values',
    'query',
    'overwrite',
    'partition',
    'replace_where',
    'by_name',
    'source',
  ]),
  update: new Set(['table', 'alias', 'set', 'where_clause', 'from_clause', 'from_joins']),
  delete: new Set(['table', 'alias', 'where_clause']),
  merge: new Set(['this', 'using', 'on', 'whens']),
};

const WITHOUT_MEANING = /^(?:span|alias_explicit_as|\w*comments|hint)$/;

/** Throws for a part of a statement that Databricks does not know, or that is not supported. */
export function checkClauses(type: string, inner: Node): void {
  const read = READ[type];
  if (!read) return;
  for (const [part, value] of Object.entries(inner)) {
    if (isEmpty(value) || read.has(part) || WITHOUT_MEANING.test(part)) continue;
    if (part === 'with') throw unsupported(`WITH before ${type.toUpperCase()}`);
    if (part === 'directory') throw unsupported('INSERT OVERWRITE DIRECTORY');
    throw syntaxError(`'${part.replaceAll('_', ' ').toUpperCase()}'`);
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

/** Statements of Databricks by their words, which are not supported. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^CREATE (?:OR REPLACE )?(?:TEMP(?:ORARY)? )?FUNCTION\b/, 'CREATE FUNCTION'],
  [/^CREATE (?:OR REPLACE )?PROCEDURE\b/, 'CREATE PROCEDURE'],
  [/^CREATE (?:OR REPLACE )?TEMP(?:ORARY)? TABLE\b/, 'CREATE TEMPORARY TABLE'],
  [/^CREATE EXTERNAL TABLE\b/, 'CREATE EXTERNAL TABLE'],
  [/^CREATE (?:SCHEMA|DATABASE)\b.* DBPROPERTIES \(/, 'CREATE SCHEMA … WITH DBPROPERTIES'],
  [/^CREATE (?:SCHEMA|DATABASE)\b.* DEFAULT COLLATION\b/, 'CREATE SCHEMA … DEFAULT COLLATION'],
  [/ GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY\b/, 'An identity column'],
  [/^ALTER TABLE .* (?:ADD|DROP|RENAME) (?:IF (?:NOT )?EXISTS )?PARTITION \(/, 'ALTER TABLE … PARTITION'],
  [/^ALTER TABLE .* SET LOCATION\b/, 'ALTER TABLE … SET LOCATION'],
  [/^ALTER TABLE .* (?:DROP|SYNC) IDENTITY$/, 'An identity column'],
  [/^ALTER TABLE .* (?:SET|DROP) MASK\b/, 'A column mask'],
  [/^TRUNCATE TABLE .* PARTITION \(/, 'TRUNCATE TABLE … PARTITION'],
];

/** What it is that the parser does not read, or would read as something else. */
const UNREAD: readonly (readonly [RegExp, string])[] = [
  [/^REPLACE TABLE\b/, 'REPLACE TABLE'],
  [/^FROM .*\bINSERT\b/, 'FROM … INSERT'],
  [/^INSERT WITH SCHEMA EVOLUTION\b/, 'INSERT WITH SCHEMA EVOLUTION'],
  [/^WITH RECURSIVE .*\bMAX RECURSION LEVEL\b/, 'MAX RECURSION LEVEL'],
  [/^CREATE .* MASK\b/, 'A column mask'],
  [/^CREATE .* ROW FILTER\b/, 'A row filter'],
];

/** The name of a statement or clause of Databricks that is not supported. */
export function refusedStatement(tokens: readonly Token[]): string | undefined {
  return /^(?:CREATE|ALTER|TRUNCATE)$/.test(keyword(tokens[0])) ? nameIn(REFUSED, tokens) : undefined;
}

/** The same for what could not be read. */
export const refusedClause = (tokens: readonly Token[]): string | undefined => nameIn(UNREAD, tokens);

function nameIn(list: typeof REFUSED, tokens: readonly Token[]): string | undefined {
  const words = tokens
    .filter(({ text }) => text !== ';')
    .map((token) => (token.kind === 'word' ? keyword(token) : token.kind === 'symbol' ? token.text : '·'));
  const text = words.join(' ');
  return list.find(([pattern]) => pattern.test(text))?.[1];
}
