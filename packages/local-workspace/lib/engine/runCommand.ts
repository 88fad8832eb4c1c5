import type { Command } from '../sql/commands';
import { identifier } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import { checkName, schemaNotFound, SqlError } from '../sql/SqlError';
import { constantQuery, text } from './catalogQueries';
import { forget } from './copyInto/copiedFiles';
import { describeHistory, forgetHistory, recordChange } from './history';
import { forgetGrants, runGrant } from './grantQueries';
import { runCopyInto } from './copyInto/runCopyInto';
import { catalogNotFound } from './database';
import { driverShowQuery } from './driverShowQuery';
import { describeAsJson, describeTable, showProperties, showTableExtended } from './describeQueries';
import { changeNotes, qualify } from './notes';
import { configure, settingOf, unconfigure } from './settings';
import { describeQuery, describeSchema, explain, showQuery, type CommandContext } from './showQueries';
import { runUpkeep } from './upkeepQueries';
import { runVariableCommand } from './variableCommands';
import { runVolumeCommand } from './volumeQueries';

/** What a command leaves to be done: a DuckDB query for its result, or nothing. */
export interface CommandResult {
  sql: string | undefined;
  isStaging: boolean;
}

const NOTHING: CommandResult = { sql: undefined, isStaging: false };
const rows = (sql: string): CommandResult => ({ sql, isStaging: false });

/** Carries out a command on the session, the catalog or a volume. Throws a SqlError. */
export async function runCommand(command: Command, context: CommandContext): Promise<CommandResult> {
  const { session, database, connection, staging } = context;
  switch (command.kind) {
    case 'use-catalog':
      await useCatalog(command.catalog, context);
      return NOTHING;
    case 'use':
      await use(command.name, context);
      return NOTHING;
    case 'set':
      return set(command.name, command.value, session);
    case 'set-all':
      return rows(constantQuery(text('key', 'value'), [...session.configuration]));
    case 'reset':
      unconfigure(session, command.name);
      return NOTHING;
    case 'show':
      return rows(await showQuery(command, context));
    case 'driver-show':
      return rows(await driverShowQuery(command, database, connection));
    case 'describe-table':
      if (command.asJson) return rows(await describeAsJson(command.name, context));
      return rows(await describeTable(command.name, command.extended, context));
    case 'show-properties':
      return rows(await showProperties(command.name, command.key, context));
    case 'show-table-extended':
      return rows(await showTableExtended(command.in, command.like, context));
    case 'comment-on':
    case 'alter-properties':
    case 'alter-tags':
      await changeNotes(command, connection, session);
      return NOTHING;
    case 'describe-history':
      return rows(await describeHistory(command.name, command.limit, context));
    case 'grant':
    case 'revoke':
    case 'show-grants':
      return { sql: await runGrant(command, context), isStaging: false };
    case 'describe-schema':
      return rows(describeSchema(qualify(command.name, session, 2)));
    case 'describe-query':
      return rows(await describeQuery(command.from, context));
    case 'explain':
      return rows(await explain(command.from, context));
    case 'create-catalog':
      await database.createCatalog(connection, command.name, command.ifNotExists);
      return NOTHING;
    case 'create-schema':
      await createSchema(command, context);
      return NOTHING;
    case 'drop-catalog':
      if (await database.dropCatalog(connection, command.name, command.ifExists)) staging.folder.dropAll(command.name);
      return NOTHING;
    case 'drop-schema':
      await dropSchema(command, context);
      return NOTHING;
    case 'declare-variable':
    case 'set-variables':
    case 'set-variables-from-query':
    case 'drop-variable':
    case 'execute-into':
      await runVariableCommand(command, context);
      return NOTHING;
    case 'create-volume':
    case 'drop-volume':
    case 'show-volumes':
    case 'describe-volume':
    case 'list':
      return { sql: await runVolumeCommand(command, context), isStaging: false };
    case 'optimize':
    case 'vacuum':
    case 'analyze':
      return { sql: await runUpkeep(command, context), isStaging: false };
    case 'copy-into':
      return rows(
        constantQuery(
          ['num_affected_rows', 'num_inserted_rows', 'num_skipped_corrupt_files'].map((name) => ({
            name,
            type: 'BIGINT',
          })),
          [await copied(command, context).then((count) => [count, count, 0])],
        ),
      );
    case 'put':
      return { sql: staging.put(command.local, command.remote, command.overwrite), isStaging: true };
    case 'get':
      return { sql: staging.get(command.remote, command.local), isStaging: true };
    case 'remove':
      return { sql: staging.remove(command.remote), isStaging: true };
  }
}

async function copied(command: Extract<Command, { kind: 'copy-into' }>, context: CommandContext): Promise<number> {
  const count = await runCopyInto(command, context);
  const parameters = { format: command.format.toLowerCase(), path: command.path };
  const change = { table: command.table, operation: 'COPY INTO', parameters, rowsAs: 'numOutputRows' };
  await recordChange(context.connection, context.session, change, count);
  return count;
}

async function useCatalog(catalog: string, { session, database, connection }: CommandContext): Promise<void> {
  if (!(await database.hasCatalog(connection, catalog))) throw catalogNotFound(catalog);
  session.catalog = catalog.toLowerCase();
  session.schema = 'default';
}

async function use(name: string[], { session, database, connection }: CommandContext): Promise<void> {
  const [catalog, schema] = qualify(name, session, 2);
  if (!(await database.hasSchema(connection, catalog as string, schema as string))) {
    throw schemaNotFound(catalog as string, schema as string);
  }
  session.catalog = (catalog as string).toLowerCase();
  session.schema = (schema as string).toLowerCase();
}

function set(name: string, value: string | undefined, session: SqlSession): CommandResult {
  if (value !== undefined) configure(session, name, value);
  return rows(constantQuery(text('key', 'value'), [[name, settingOf(session, name)]]));
}

async function dropSchema(command: Extract<Command, { kind: 'drop-schema' }>, context: CommandContext): Promise<void> {
  const [catalog = '', schema = ''] = qualify(command.name, context.session, 2);
  if (!(await context.database.hasSchema(context.connection, catalog, schema))) {
    if (command.ifExists) return;
    throw schemaNotFound(catalog, schema);
  }
  const { folder } = context.staging;
  if (!command.cascade && folder.volumes(catalog, schema).length > 0) throw schemaNotEmpty(schema);
  const target = `${identifier(CATALOG_PREFIX + catalog.toLowerCase())}.${identifier(schema)}`;
  await context.connection.run(`DROP SCHEMA ${target}${command.cascade ? ' CASCADE' : ''}`);
  folder.dropAll(catalog, schema);
  await context.connection.run(forget(catalog, schema));
  await context.connection.run(forgetHistory(catalog, schema));
  await context.connection.run(forgetGrants(catalog, schema));
}

async function createSchema(
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
