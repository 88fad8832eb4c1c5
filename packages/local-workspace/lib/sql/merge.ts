import { condition } from './compile/logic';
import type { Context, KnownColumn, KnownTable, Place } from './compile/context';
import { compileExpression } from './compile/expression';
import { raise } from './compile/failures';
import { compileFrom } from './compile/from';
import type { Column } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { STEP } from './placeholders';
import { identifier } from './quote';
import { SqlError, syntaxError, unsupported } from './SqlError';
import { columnNamed, isDefault, targetPlace } from './statements';
import { stored } from './stored';
import { checkSetOnce } from './updates';

/** MERGE in DuckDB's dialect, which tells what it did with each row; values become the types of their columns. */
export function compileMerge(merge: Node, context: Context): string {
  const { known, text, place } = targetPlace(merge['this'], context);
  const [target] = place.scope.sources;
  const before = place.scope.sources.length;
  const source = compileFrom({ from: { expressions: [merge['using']] } }, place);
  const offered = place.scope.sources
    .slice(before)
    .flatMap((each) => each.columns.map((column) => ({ ...column, qualifier: each.qualifier })));
  const on = condition(merge['on'], place, 'JOIN');
  const list =
    isNode(merge['whens']) && isNode(merge['whens']['whens']) ? merge['whens']['whens']['expressions'] : undefined;
  const clauses = (Array.isArray(list) ? (list as unknown[]) : []).map((item) => {
    const when = isNode(item) ? item['when'] : undefined;
    if (!isNode(when)) throw unsupported('This MERGE');
    return clause(when, place, known, offered);
  });
  checkClauses(clauses);
  const texts = clauses.map(({ kind, test, action: [, sql] }) => `WHEN ${kind}${test && ` AND ${test}`} THEN ${sql}`);
  const merged = `MERGE INTO ${text} USING ${source} ON ${on} ${texts.join(' ')} RETURNING merge_action`;
  const check = onceMatched(clauses, { from: `${text} JOIN ${source} ON ${on}`, row: target?.qualifier ?? '', known });
  return check === undefined ? merged : [check, merged].join(STEP);
}

interface Clause {
  readonly kind: 'MATCHED' | 'NOT MATCHED' | 'NOT MATCHED BY SOURCE';
  /** Empty for none. */
  readonly test: string;
  readonly action: readonly [verb: string, sql: string];
}

const ALLOWED: Readonly<Record<Clause['kind'], readonly string[]>> = {
  MATCHED: ['UPDATE', 'DELETE'],
  'NOT MATCHED': ['INSERT'],
  'NOT MATCHED BY SOURCE': ['UPDATE', 'DELETE'],
};

function checkClauses(clauses: readonly Clause[]): void {
  if (clauses.length === 0)
    throw new SqlError('MERGE_WITHOUT_WHEN', '42601', 'There must be at least one WHEN clause in a MERGE statement.');
  clauses.forEach(({ kind, test, action: [verb] }, i) => {
    if (!ALLOWED[kind].includes(verb)) throw syntaxError(`'${verb}'`);
    if (test !== '' || !clauses.slice(i + 1).some((later) => later.kind === kind)) return;
    const name = kind === 'NOT MATCHED' ? 'NOT MATCHED BY TARGET' : kind;
    const text = `When there are more than one ${name} clauses in a MERGE statement, only the last ${name} clause can omit the condition.`;
    throw new SqlError(`NON_LAST_${name.replaceAll(' ', '_')}_CLAUSE_OMIT_CONDITION`, '42613', text);
  });
}

/** A statement that fails when several rows of the source want to change one row of the target. */
function onceMatched(
  clauses: readonly Clause[],
  { from, row, known }: { from: string; row: string; known: KnownTable },
): string | undefined {
  const matched = clauses.filter(({ kind }) => kind === 'MATCHED');
  const [first] = matched;
  if (!first || (matched.length === 1 && first.test === '' && first.action[0] === 'DELETE')) return undefined;
  if (known.columns.some(({ name }) => name.toLowerCase() === 'rowid'))
    throw unsupported('MERGE into a table with a column rowid');
  const tests = matched.map(({ test }) => test);
  const where = tests.includes('') ? '' : ` WHERE ${tests.map((test) => `(${test})`).join(' OR ')}`;
  const failure = raise(
    'DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE',
    '21506',
    'Cannot perform Merge as multiple source rows matched and attempted to modify the same target row in the Delta table in possibly conflicting ways.',
  );
  return `SELECT CASE WHEN EXISTS (SELECT 1 FROM ${from}${where} GROUP BY ${row}.rowid HAVING count(*) > 1) THEN ${failure} END`;
}

type Offered = Column & { qualifier: string };

function truth(node: unknown): boolean {
  return isNode(node) && isNode(node['boolean']) && node['boolean']['value'] === true;
}

function clause(when: Node, place: Place, known: KnownTable, offered: readonly Offered[]): Clause {
  const kind = truth(when['matched']) ? 'MATCHED' : truth(when['source']) ? 'NOT MATCHED BY SOURCE' : 'NOT MATCHED';
  const test = isNode(when['condition']) ? condition(when['condition'], place, 'WHERE') : '';
  return { kind, test, action: action(when['then'], place, known, offered) };
}

function action(then: unknown, place: Place, known: KnownTable, offered: readonly Offered[]): Clause['action'] {
  const [verbNode, first, second] = isNode(then) && isNode(then['tuple']) ? items(then) : [then];
  const verb = isNode(verbNode) && isNode(verbNode['var']) ? String(verbNode['var']['this']).toUpperCase() : '';
  switch (verb) {
    case 'DELETE':
      return [verb, verb];
    case 'UPDATE':
      return [verb, `UPDATE SET ${updated(first, place, known, offered)}`];
    case 'INSERT':
      return [verb, inserted([first, second], place, known, offered)];
    default:
      throw unsupported(`MERGE … THEN ${verb}`);
  }
}

const isStar = (node: unknown): boolean => isNode(node) && 'star' in node;

function updated(given: unknown, place: Place, known: KnownTable, offered: readonly Offered[]): string {
  if (isStar(given))
    return known.columns.map((column) => `${identifier(column.name)} = ${match(column, offered)}`).join(', ');
  const pairs = items(given).map((assignment) => {
    const eq = isNode(assignment) ? assignment['eq'] : undefined;
    if (!isNode(eq)) throw unsupported('This assignment');
    return { target: columnNamed(known, nameOf(eq['left'])), value: eq['right'] };
  });
  checkSetOnce(pairs.map(({ target }) => target));
  return pairs.map(({ target, value }) => `${identifier(target.name)} = ${valueFor(target, value, place)}`).join(', ');
}

function inserted(
  [first, second]: readonly unknown[],
  place: Place,
  known: KnownTable,
  offered: readonly Offered[],
): string {
  const isListed = second !== undefined;
  const columns = isListed ? items(first).map((column) => columnNamed(known, nameOf(column))) : known.columns;
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice) {
    const text = `Duplicate column names in INSERT clause: ${twice.name}.`;
    throw new SqlError('DELTA_DUPLICATE_COLUMNS_ON_INSERT', '42701', text);
  }
  const values = isStar(first) ? undefined : items(isListed ? second : first);
  if (values && values.length !== columns.length) throw differentNumber(columns.length, values.length);
  const texts = columns.map((column, i) => (values ? valueFor(column, values[i], place) : match(column, offered)));
  return `INSERT (${columns.map(({ name }) => identifier(name)).join(', ')}) VALUES (${texts.join(', ')})`;
}

function valueFor(column: KnownColumn, value: unknown, place: Place): string {
  return isDefault(value) ? 'DEFAULT' : stored(compileExpression(value, place), column);
}

function differentNumber(columns: number, values: number): SqlError {
  return new SqlError(
    'MERGE_INSERT_VALUE_COUNT_MISMATCH',
    '21S01',
    `The number of inserted values (${values}) is not that of the columns (${columns}).`,
  );
}

/** The column of the source with that name. Throws when there is none. */
function match(column: KnownColumn, offered: readonly Offered[]): string {
  const source = offered.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
  if (source) return stored({ sql: `${source.qualifier}.${identifier(source.name)}`, type: source.type }, column);
  const names = offered.map(({ name }) => name).join(', ');
  const text = `Cannot resolve ${column.name} in UPDATE or INSERT clause given columns ${names}.`;
  throw new SqlError('DELTA_MERGE_UNRESOLVED_EXPRESSION', '42601', text);
}

function items(node: unknown): unknown[] {
  const inner = isNode(node) && isNode(node['tuple']) ? node['tuple']['expressions'] : undefined;
  if (Array.isArray(inner)) return inner as unknown[];
  return isNode(node) && isNode(node['paren']) ? [node['paren']['this']] : [];
}

/** The last part of a written name. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  const { column, identifier: plain } = node;
  if (isNode(column) && isNode(column['name'])) return String(column['name']['name']);
  return isNode(plain) ? String(plain['name']) : '';
}
