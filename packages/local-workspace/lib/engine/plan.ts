import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DATABRICKS_RULES, lex } from '../sql/lexer';
import { madeStatic } from '../sql/dynamic';
import { parseCommand, type Command } from '../sql/commands';
import type { Environment } from '../sql/compile/context';
import { parameterSql, parameterType } from '../sql/parameters';
import type { SqlSession } from '../sql/session';
import { isLarge, LARGE } from '../sql/LargeStatements';
import { SqlError } from '../sql/SqlError';
import { tablesOf, translate, type StatementKind, type Translation } from '../sql/translate';
import type { Database } from './database';
import type { Definition } from './runDdl';
import { resolveTables } from './tables';
import type { SqlType } from './types';

/** What to do for a statement. */
export type Plan =
  | { kind: 'command'; command: Command; source: string; parameters: readonly TSparkParameter[] }
  | ({
      kind: StatementKind;
      sql: string;
      sleepMs: number;
      columns: readonly { name: string; type: SqlType }[];
      isSingle: boolean;
      viewName?: string;
    } & Definition);

export interface PlanContext {
  database: Database;
  connection: DuckDBConnection;
  session: SqlSession;
}

/** Reads a statement. Rejects with a SqlError for bad syntax, unsupported constructs and unbound parameters. */
export async function planStatement(
  sql: string,
  given: readonly TSparkParameter[],
  context: PlanContext,
): Promise<Plan> {
  const { source, parameters, into } = madeStatic({ source: sql, parameters: given }, context.session.variables);
  if (into) {
    const command = { kind: 'execute-into', names: into, query: { source, parameters } } as const;
    return { kind: 'command', command, source, parameters };
  }
  const command = mayBeCommand(source) ? parseCommand(source, lex(source, DATABRICKS_RULES)) : undefined;
  if (command) return { kind: 'command', command, source, parameters };
  const translation = await translateIn(source, parameters, context);
  if (translation.kind === 'ddl') await checkSchema(source, context);
  return {
    kind: translation.kind,
    sql: bound(translation, parameters),
    sleepMs: translation.sleepMs,
    columns: translation.columns,
    isSingle: translation.isSingle,
    ...(translation.declared && { declared: translation.declared }),
    ...(translation.replaced && { replaced: translation.replaced }),
    ...(translation.notes && { notes: translation.notes }),
    ...(translation.drop && { drop: translation.drop }),
    ...(translation.altered && { altered: translation.altered }),
    ...(translation.change && { change: translation.change }),
    ...(translation.viewName === undefined ? {} : { viewName: translation.viewName }),
  };
}

/** What is to be made without a schema of its own needs that of the session. Rejects with SCHEMA_NOT_FOUND. */
async function checkSchema(source: string, { database, connection, session }: PlanContext): Promise<void> {
  const { catalog, schema, temporaryViews } = session;
  const names = isLarge(source) ? await database.large.tablesOf(source, session.user) : tablesOf(source);
  if (names.every(([name = '', ...more]) => more.length > 0 || temporaryViews.has(name.toLowerCase()))) return;
  if (!(await database.hasSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
}

/** Commands are short; what is long is not split into words here, nor is what begins as a query does. */
function mayBeCommand(source: string): boolean {
  if (/^\s*(?:SELECT|WITH|VALUES)\b/i.test(source)) return false;
  return source.length < LARGE || /^\s*(?:EXPLAIN|DESC|DESCRIBE|SET)\b/i.test(source);
}

const MAX_CACHED = 500;
const MAX_CACHED_LENGTH = 20_000;

/** A statement in DuckDB's dialect, as it stands in a session. Known ones are remembered until a table changes. */
export async function translateIn(
  source: string,
  parameters: readonly TSparkParameter[],
  context: PlanContext,
): Promise<Translation> {
  const { database, session } = context;
  const parameterTypes = typesOf(parameters);
  const views = [...session.temporaryViews.keys()].join(',');
  const key = [
    source,
    session.catalog,
    session.schema,
    session.zone.name,
    session.user,
    views,
    JSON.stringify(parameterTypes),
  ].join('\0');
  const cache = database.translations;
  const known = cache.get(key);
  if (known) return known;
  const { version } = database;
  const large = isLarge(source) ? database.large : undefined;
  const tables = await resolveTables(large ? await large.tablesOf(source, session.user) : tablesOf(source), context);
  const environment: Environment = {
    user: session.user,
    catalog: session.catalog,
    schema: session.schema,
    zone: session.zone,
    parameterTypes,
    tables,
    variables: session.variables,
  };
  const translation = large ? await large.translate(source, environment) : translate(source, environment);
  if (cache.size >= MAX_CACHED) cache.clear();
  const isOwn = session.temporaryViews.size > 0 || session.variables.size > 0;
  if (source.length <= MAX_CACHED_LENGTH && !isOwn && version === database.version) cache.set(key, translation);
  return translation;
}

function typesOf(parameters: readonly TSparkParameter[]): Record<string, SqlType> {
  let ordinal = 0;
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.name || `_${ordinal++}`, parameterType(parameter)]),
  );
}

/** The text of a translation with the values of its parameters. Throws for one that is missing. */
export function bound(translation: Translation, parameters: readonly TSparkParameter[]): string {
  const values = translation.parameters.map((name) => parameterSql(parameterFor(name, parameters)));
  let sql = translation.pieces[0] ?? '';
  translation.holes.forEach((hole, i) => {
    sql += (values[hole] ?? 'NULL') + (translation.pieces[i + 1] ?? '');
  });
  return sql;
}

/** The value for `:name`; for a `?`, whose name is its place, that without a name at the place. */
function parameterFor(name: string, parameters: readonly TSparkParameter[]): TSparkParameter {
  const place = /^_(\d+)$/.exec(name)?.[1];
  const found =
    parameters.find((parameter) => parameter.name === name) ??
    (place === undefined ? undefined : parameters.filter((parameter) => !parameter.name)[Number(place)]);
  if (found) return found;
  throw unbound(name);
}

function unbound(name: string): SqlError {
  return new SqlError(
    'UNBOUND_SQL_PARAMETER',
    '42P02',
    `Found the unbound parameter: ${name}. Please, fix \`args\` and provide a mapping of the parameter to a SQL literal.`,
  );
}
