import { own } from '../../own';
import { isNode, literalOf, type Node } from '../nodes';
import { identifier } from '../quote';
import { MARK } from '../marking';
import { SqlError, unsupported } from '../SqlError';
import { calledName, unknownFunction } from './calls';
import { castTo } from './cast';
import type { Place } from './context';
import { compileExpression } from './expression';
import { joined } from './joins';
import { compileGenerator, generatorName } from './generators';
import { compilePivot, compileUnpivot } from './pivot';
import { compileQuery, compileValues } from './query';
import type { Scope, Source } from './scope';
import { freeQualifier, rename, uniqueNames, type Named } from './sourceNames';
import { BIGINT, type Column, type Relation } from './Typed';

/** FROM with its joins and lateral views; fills the scope of `place` with what they offer. */
export function compileFrom(select: Node, place: Place): string {
  const listed = isNode(select['from']) ? nodes(select['from']['expressions']) : [];
  let sql = '';
  for (const item of listed) {
    const text = table(item, place, true);
    sql = sql === '' ? text : `${sql} CROSS JOIN ${text}`;
  }
  for (const join of nodes(select['joins'])) sql = joined(sql, join, place, (node) => table(node, place, true));
  for (const view of nodes(select['lateral_views'])) sql = lateralView(sql, view, place);
  return sql;
}

function nodes(list: unknown): Node[] {
  return Array.isArray(list) ? (list as unknown[]).filter(isNode) : [];
}

/** A relation under its alias, added to the scope. */
function table(node: Node, place: Place, visible: boolean): string {
  const { relation, alias, names, renamed, lateral } = aliased(node, place);
  const columns = renamed.length > 0 ? rename(relation.columns, renamed, namedKind(node)) : relation.columns;
  const unique = uniqueNames(columns);
  const needsNames = unique.some((column, i) => column.name !== relation.columns[i]?.name);
  const qualifier = freeQualifier(alias, place.scope);
  if (visible) addSource(place.scope, { qualifier, names, columns: unique });
  const list = needsNames ? `(${unique.map(({ name }) => identifier(name)).join(', ')})` : '';
  return `${lateral ? 'LATERAL ' : ''}${relation.sql} AS ${qualifier}${list}`;
}

function addSource(scope: Scope, source: Source): void {
  scope.sources.push(source);
}

function namedKind(node: Node): Named {
  if (isNode(node['values'])) return 'values';
  const inner = [node['alias'], node['lateral'], node['paren']].find(isNode);
  if (isNode(inner?.['this'])) return namedKind(inner['this']);
  return isNode(node['function']) ? 'function' : 'relation';
}

/** An alias with columns looks like a call to the marking of calls. */
const unmarked = (name: string): string => (name.startsWith(MARK) ? name.slice(MARK.length) : name);

const columnAlias = (column: unknown): string => (isNode(column) ? String(column['name']) : String(column));

interface Aliased {
  relation: Relation;
  alias: string;
  names: readonly string[];
  renamed: readonly string[];
  lateral: boolean;
}

let unnamed = 0;

function named(relation: Relation, given: unknown, columns: unknown, fallback?: string, lateral = false): Aliased {
  const name = isNode(given) ? String(given['name']) : typeof given === 'string' ? unmarked(given) : fallback;
  unnamed = (unnamed + 1) % 1_000_000;
  return {
    relation,
    alias: name ?? `__t${unnamed}`,
    names: name === undefined ? [] : [name.toLowerCase()],
    renamed: Array.isArray(columns) ? (columns as unknown[]).map(columnAlias) : [],
    lateral,
  };
}

function aliased(node: Node, place: Place): Aliased {
  const { table: plain, subquery, alias, values, function: called, paren, lateral, pivot, unpivot } = node;
  if (isNode(plain)) return plainTable(plain, place);
  if (isNode(subquery) && isNode(subquery['this'])) {
    const inner = subquery['lateral'] === true ? place : { ...place, scope: outerOf(place) };
    const query = compileQuery(subquery['this'], inner);
    const relation = { sql: `(${query.sql})`, columns: query.columns };
    return named(relation, subquery['alias'], subquery['column_aliases'], undefined, subquery['lateral'] === true);
  }
  if (isNode(values)) {
    const query = compileValues(values, place);
    return named({ sql: `(${query.sql})`, columns: query.columns }, values['alias'], values['column_aliases']);
  }
  if (isNode(called)) return tableFunction(node, place, false);
  if (isNode(lateral) && isNode(lateral['this'])) {
    const inner = aliased(lateral['this'], place);
    return { ...named(inner.relation, lateral['alias'], lateral['column_aliases'], inner.alias), lateral: true };
  }
  if (isNode(alias) && isNode(alias['this'])) {
    const inner = aliased(alias['this'], place);
    return named(inner.relation, alias['alias'], alias['column_aliases'], inner.alias, inner.lateral);
  }
  if (isNode(pivot))
    return named(
      compilePivot(pivot, place, (source, at) => relationOf(source, at)),
      pivot['alias'],
      undefined,
    );
  if (isNode(unpivot))
    return named(
      compileUnpivot(unpivot, place, (source, at) => relationOf(source, at)),
      unpivot['alias'],
      undefined,
    );
  if (isNode(paren) && isNode(paren['this'])) return aliased(paren['this'], place);
  throw unsupported(`${Object.keys(node)[0]?.replaceAll('_', ' ').toUpperCase() ?? 'This'} in FROM`);
}

function outerOf({ scope }: Place): Scope {
  return scope.parent ?? new (scope.constructor as new () => Scope)();
}

/** A relation that is no part of the scope of its query. */
function relationOf(node: Node, place: Place): Relation {
  const { relation, renamed } = aliased(node, place);
  if (renamed.length === 0) return relation;
  const columns = rename(relation.columns, renamed, namedKind(node));
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  return { sql: `(SELECT * FROM ${relation.sql} AS __r(${names}))`, columns };
}

/** Spark reads files of these under their names, where no table is called so. */
const FILE_FORMATS = new Set(['avro', 'binaryfile', 'csv', 'delta', 'json', 'orc', 'parquet', 'text', 'xml']);

function plainTable(plain: Node, place: Place): Aliased {
  if (isNode(plain['version'])) throw unsupported('Time travel (VERSION or TIMESTAMP AS OF)');
  const parts = [plain['catalog'], plain['schema'], plain['name']].filter(isNode).map((part) => String(part['name']));
  const written = parts.join('.').toLowerCase();
  const common = parts.length === 1 ? place.tables.get(written) : undefined;
  const found = common ?? own(place.context.environment.tables, written);
  if (!found) {
    const [format = ''] = written.split('.');
    throw parts.length === 2 && FILE_FORMATS.has(format)
      ? unsupported(`A file as a table (${format}.\`path\`)`)
      : tableNotFound(parts);
  }
  const relation = sampled({ sql: found.sql, columns: found.columns }, plain['table_sample'], place);
  const last = parts.at(-1) ?? '';
  const result = named(relation, plain['alias'], plain['column_aliases'], last);
  if (isNode(plain['alias'])) return result;
  const suffixes = parts.map((_part, i) => parts.slice(i).join('.').toLowerCase());
  return { ...result, names: suffixes };
}

export function tableNotFound(parts: readonly string[]): SqlError {
  if (/@v\d+$/i.test(parts.at(-1) ?? '')) return unsupported('Time travel (a version behind the name)');
  return new SqlError(
    'TABLE_OR_VIEW_NOT_FOUND',
    '42P01',
    `The table or view \`${parts.join('`.`')}\` cannot be found. Verify the spelling and correctness of the schema and catalog.\n` +
      'If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the ' +
      'correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.',
  );
}

function sampled(relation: Relation, sample: unknown, place: Place): Relation {
  if (!isNode(sample)) return relation;
  const size = compileExpression(sample['size'], place);
  if (sample['seed'] || sample['bucket_numerator'] || typeof size.constant !== 'number')
    throw unsupported('TABLESAMPLE with these options');
  const rows = sample['is_percent'] === true ? `TABLESAMPLE (${size.constant} PERCENT)` : `LIMIT ${size.constant}`;
  return { ...relation, sql: `(SELECT * FROM ${relation.sql} ${rows})` };
}

function tableFunction(node: Node, place: Place, outer: boolean): Aliased {
  const inner = node['function'];
  const name = isNode(inner) ? calledName(inner) : undefined;
  if (generatorName(node) !== undefined) {
    const generator = compileGenerator(node, place);
    if (generator.outer && !outer) throw unsupported('A generator with _outer in FROM');
    return named({ sql: `(${generator.sql})`, columns: generator.columns }, undefined, undefined, name, true);
  }
  if (name !== 'range' || !isNode(inner))
    throw unknownFunction(name ?? String(isNode(inner) ? inner['name'] : '').toLowerCase());
  const args = nodes(inner['args'])
    .slice(0, 3)
    .map((arg) => castTo(compileExpression(arg, place), BIGINT).sql);
  const bounds = args.length === 1 ? ['CAST(0 AS BIGINT)', ...args] : args;
  return named(
    { sql: `(SELECT range AS id FROM range(${bounds.join(', ')}))`, columns: [{ name: 'id', type: BIGINT }] },
    undefined,
    undefined,
    'range',
  );
}

function lateralView(left: string, view: Node, place: Place): string {
  if (!isNode(view['this'])) throw unsupported('This LATERAL VIEW');
  const generator = compileGenerator(view['this'], place);
  const names = nodes(view['column_aliases']).map(({ name }) => String(name));
  const columns = names.length > 0 ? rename(generator.columns, names, 'view') : [...generator.columns];
  return (
    left +
    lateralText(
      generator,
      columns,
      isNode(view['table_alias']) ? String(view['table_alias']['name']) : undefined,
      view['outer'] === true,
      place,
    )
  );
}

/** ` JOIN LATERAL …` of a generator, whose columns come into scope. */
export function lateralText(
  generator: Relation & { outer: boolean },
  columns: readonly Column[],
  alias: string | undefined,
  outer: boolean,
  place: Place,
): string {
  unnamed = (unnamed + 1) % 1_000_000;
  const name = alias ?? `__g${unnamed}`;
  addSource(place.scope, { qualifier: identifier(name), names: [name.toLowerCase()], columns });
  const list = columns.map((column) => identifier(column.name)).join(', ');
  const word = outer || generator.outer ? ' LEFT JOIN LATERAL' : ' JOIN LATERAL';
  return `${word} (${generator.sql}) AS ${identifier(name)}(${list}) ON TRUE`;
}

export function literalNumber(node: unknown): number | undefined {
  const found = literalOf(node);
  return found?.['literal_type'] === 'number' ? Number(found['value']) : undefined;
}
