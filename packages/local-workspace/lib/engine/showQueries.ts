import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Command } from '../sql/commands';
import { identifier, literal } from '../sql/quote';
import type { SqlSession } from '../sql/session';
import { unsupported } from '../sql/SqlError';
import type { Translation } from '../sql/translate';
import { constantQuery, showLike, text } from './catalogQueries';
import { catalogNotFound, type Database } from './database';
import { columnsOf } from './describeQueries';
import { qualify } from './notes';
import { translateIn } from './plan';
import type { StagingCommands } from './staging';
import { ALL_CATALOGS, ALL_SCHEMAS, ALL_TABLES } from './systemCatalog';
import { typeName } from './types';

export interface CommandContext {
  database: Database;
  connection: DuckDBConnection;
  session: SqlSession;
  staging: StagingCommands;
  source: string;
  /** What the client bound. */
  parameters: readonly TSparkParameter[];
  /** Aborted when the statement is to end. */
  signal: AbortSignal;
}

export async function showQuery(command: Extract<Command, { kind: 'show' }>, context: CommandContext): Promise<string> {
  const { session } = context;
  const like = (column: string): string => showLike(column, command.like);
  switch (command.subject) {
    case 'CATALOGS':
      return `SELECT catalog FROM ${ALL_CATALOGS} WHERE ${like('catalog')} ORDER BY 1`;
    case 'SCHEMAS': {
      const catalog = command.in[0] ?? session.catalog;
      if (!(await context.database.knowsCatalog(context.connection, catalog))) throw catalogNotFound(catalog);
      return `SELECT schema AS "databaseName" FROM ${ALL_SCHEMAS} WHERE catalog = ${literal(catalog.toLowerCase())} AND ${like('schema')} ORDER BY 1`;
    }
    case 'TABLES':
    case 'VIEWS': {
      const [catalog = '', schema = ''] = qualify(command.in.length > 0 ? command.in : [session.schema], session, 2);
      if (!(await context.database.knowsSchema(context.connection, catalog, schema)))
        throw await context.database.missing(context.connection, catalog, schema);
      return tablesQuery({ catalog, schema, isViews: command.subject === 'VIEWS' }, command.like, session);
    }
    case 'COLUMNS': {
      const columns = await columnsOf(command.in, context);
      return constantQuery(
        text('col_name'),
        columns.map(({ name }) => [name]),
      );
    }
  }
}

/** The tables and views of a schema, then the temporary views of the session, each by name. */
function tablesQuery(
  { catalog, schema, isViews }: { catalog: string; schema: string; isViews: boolean },
  like: string | undefined,
  { temporaryViews }: SqlSession,
): string {
  const columns = isViews ? text('namespace', 'viewName') : text('database', 'tableName');
  const [place, name] = columns.map((column) => identifier(column.name));
  const more = isViews ? ', false AS "isMaterialized"' : '';
  const stored =
    `SELECT schema AS ${place}, name AS ${name}, false AS "isTemporary"${more} FROM ${ALL_TABLES} ` +
    `WHERE catalog = ${literal(catalog.toLowerCase())} AND lower(schema) = ${literal(schema.toLowerCase())}` +
    (isViews ? ` AND type = 'VIEW'` : '');
  const own = [...temporaryViews.keys()].map((view) => `SELECT '', ${literal(view)}, true${isViews ? ', false' : ''}`);
  return `SELECT * FROM (${[stored, ...own].join(' UNION ALL ')}) WHERE ${showLike(String(name), like)} ORDER BY 3, 2`;
}

/** DESCRIBE SCHEMA. Rejects with a SqlError for one that is not there. */
export async function describeSchema(name: readonly string[], context: CommandContext): Promise<string> {
  const { session, database, connection } = context;
  const [catalog = '', schema = ''] = qualify(name, session, 2);
  if (!(await database.knowsSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
  return constantQuery(text('database_description_item', 'database_description_value'), [
    ['Catalog Name', catalog],
    ['Namespace Name', schema],
  ]);
}

/** The plan is DuckDB's, since it is what runs. */
export async function explain(from: number, context: CommandContext): Promise<string> {
  const { connection, source } = context;
  const { text: sql } = await queryWithoutParameters(source.slice(from), 'EXPLAIN', context);
  const reader = await connection.runAndReadAll(`EXPLAIN ${sql}`);
  const plans = reader.getRowsJson() as string[][];
  return constantQuery(text('plan'), [[plans.map(([, plan]) => plan ?? '').join('\n')]]);
}

/** A query in the database's dialect. Rejects with a SqlError for other statements and for parameters. */
export async function queryWithoutParameters(
  source: string,
  statement: string,
  context: CommandContext,
): Promise<{ text: string; columns: Translation['columns'] }> {
  const { kind, pieces, holes, columns } = await translateIn(source, [], context);
  if (kind !== 'query') throw unsupported(`${statement} of anything but a query`);
  if (holes.length > 0) throw unsupported(`${statement} with parameters`);
  return { text: pieces.join(''), columns };
}

export async function describeQuery(from: number, context: CommandContext): Promise<string> {
  const { columns } = await queryWithoutParameters(context.source.slice(from), 'DESCRIBE QUERY', context);
  return constantQuery(
    text('col_name', 'data_type', 'comment'),
    columns.map(({ name, type }) => [name, typeName(type), null]),
  );
}
