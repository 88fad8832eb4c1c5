import type { Command } from '../sql/commands';
import { identifier } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import { checkName, SqlError } from '../sql/SqlError';
import { forget } from './copyInto/copiedFiles';
import { catalogNotFound } from './database';
import { forgetGrants } from './grantQueries';
import { forgetHistory } from './history';
import { notedTables, qualify } from './notes';
import type { CommandContext } from './showQueries';

/** Drops a schema with all that is remembered of it. Throws a SqlError. */
export async function dropSchema(
  command: Extract<Command, { kind: 'drop-schema' }>,
  context: CommandContext,
): Promise<void> {
  const [catalog = '', schema = ''] = qualify(command.name, context.session, 2);
  if (!(await context.database.hasSchema(context.connection, catalog, schema))) {
    if (command.ifExists) return;
    throw await context.database.missing(context.connection, catalog, schema);
  }
  const { folder } = context.staging;
  if (!command.cascade) {
    const tables = await notedTables(context.connection, catalog, schema, 'true');
    if (tables.length + folder.volumes(catalog, schema).length > 0) throw schemaNotEmpty(schema);
  }
  const target = `${identifier(CATALOG_PREFIX + catalog.toLowerCase())}.${identifier(schema)}`;
  await context.connection.run(`DROP SCHEMA ${target}${command.cascade ? ' CASCADE' : ''}`);
  folder.dropAll(catalog, schema);
  await context.connection.run(forget(catalog, schema));
  await context.connection.run(forgetHistory(catalog, schema));
  await context.connection.run(forgetGrants(catalog, schema));
}

/** Throws a SqlError. */
export async function createSchema(
  command: Extract<Command, { kind: 'create-schema' }>,
  context: CommandContext,
): Promise<void> {
  const [catalog = '', schema = ''] = qualify(command.name, context.session, 2);
  if (!(await context.database.hasCatalog(context.connection, catalog))) throw catalogNotFound(catalog);
  checkName(schema);
  const exists = command.ifNotExists ? 'IF NOT EXISTS ' : '';
  const target = `${identifier(CATALOG_PREFIX + catalog.toLowerCase())}.${identifier(schema.toLowerCase())}`;
  await context.connection.run(`CREATE SCHEMA ${exists}${target}`);
}

function schemaNotEmpty(name: string): SqlError {
  return new SqlError(
    'SCHEMA_NOT_EMPTY',
    '2BP01',
    `Cannot drop a schema \`${name}\` because it contains objects. Use DROP SCHEMA ... CASCADE to drop the schema and all its objects.`,
  );
}
