import type { Command } from '../sql/commands';
import type { SqlSession } from '../sql/session';
import { constantQuery, text } from './catalogQueries';
import { describeHistory } from './history';
import { runGrant } from './grantQueries';
import { showCreate } from './createStatement';
import { catalogNotFound } from './database';
import { describeDetail } from './describeDetail';
import { driverShowQuery } from './driverShowQuery';
import { describeAsJson, describeColumn, describeTable, showProperties, showTableExtended } from './describeQueries';
import { changeNotes, qualify } from './notes';
import { createSchema, dropSchema } from './schemas';
import { configure, settingOf, unconfigure } from './settings';
import { describeQuery, describeSchema, explain, showQuery, type CommandContext } from './showQueries';
import { runTableCommand } from './tableCommands';
import { tellQuery } from './tellQueries';
import { transferQuery } from './transfers';
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
  switch (command.kind) {
    case 'set':
      return set(command.name, command.value, context.session);
    case 'set-all':
      return rows(constantQuery(text('key', 'value'), [...context.session.configuration]));
    case 'show':
    case 'tell':
    case 'driver-show':
    case 'describe-table':
    case 'show-properties':
    case 'show-table-extended':
    case 'show-create':
    case 'describe-history':
    case 'describe-detail':
    case 'describe-schema':
    case 'describe-query':
    case 'explain':
      return rows(await informationQuery(command, context));
    case 'grant':
    case 'revoke':
    case 'show-grants':
      return { sql: await runGrant(command, context), isStaging: false };
    case 'use-catalog':
    case 'use':
    case 'reset':
    case 'comment-on':
    case 'alter-properties':
    case 'alter-tags':
    case 'create-catalog':
    case 'create-schema':
    case 'drop-catalog':
    case 'drop-schema':
    case 'declare-variable':
    case 'set-variables':
    case 'set-variables-from-query':
    case 'drop-variable':
    case 'execute-into':
      await change(command, context);
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
    case 'cache':
    case 'copy-into':
    case 'create-copy':
    case 'alter':
      return { sql: await runTableCommand(command, context), isStaging: false };
    case 'put':
    case 'get':
    case 'remove':
      return { sql: await transferQuery(command, context), isStaging: true };
  }
}

type Information = Extract<
  Command,
  {
    kind:
      | 'show'
      | 'tell'
      | 'driver-show'
      | 'describe-table'
      | 'show-properties'
      | 'show-table-extended'
      | 'show-create'
      | 'describe-history'
      | 'describe-detail'
      | 'describe-schema'
      | 'describe-query'
      | 'explain';
  }
>;

/** The DuckDB query for what a command tells of the session's objects. */
function informationQuery(command: Information, context: CommandContext): Promise<string> | string {
  switch (command.kind) {
    case 'show':
      return showQuery(command, context);
    case 'tell':
      return tellQuery(command.told, context);
    case 'driver-show':
      return driverShowQuery(command, context.database, context.connection);
    case 'describe-table':
      if (command.column.length > 0) return describeColumn(command.name, command.column, context);
      return command.asJson
        ? describeAsJson(command.name, context)
        : describeTable(command.name, command.extended, context);
    case 'show-properties':
      return showProperties(command.name, command.key, context);
    case 'show-table-extended':
      return showTableExtended(command.in, command.like, context);
    case 'show-create':
      return showCreate(command.name, context);
    case 'describe-history':
      return describeHistory(command.name, command.limit, context);
    case 'describe-detail':
      return describeDetail(command.name, context);
    case 'describe-schema':
      return describeSchema(command.name, context);
    case 'describe-query':
      return describeQuery(command.from, context);
    case 'explain':
      return explain(command.from, context);
  }
}

type Change = Extract<
  Command,
  {
    kind:
      | 'use-catalog'
      | 'use'
      | 'reset'
      | 'comment-on'
      | 'alter-properties'
      | 'alter-tags'
      | 'create-catalog'
      | 'create-schema'
      | 'drop-catalog'
      | 'drop-schema'
      | 'declare-variable'
      | 'set-variables'
      | 'set-variables-from-query'
      | 'drop-variable'
      | 'execute-into';
  }
>;

/** Changes the session, its variables, or what catalogs hold. */
async function change(command: Change, context: CommandContext): Promise<void> {
  const { session, database, connection, staging } = context;
  switch (command.kind) {
    case 'use-catalog':
      return useCatalog(command.catalog, context);
    case 'use':
      return use(command.name, context);
    case 'reset':
      return unconfigure(session, command.name);
    case 'comment-on':
    case 'alter-properties':
    case 'alter-tags':
      return changeNotes(command, connection, session);
    case 'create-catalog':
      return database.createCatalog(connection, command.name, command.ifNotExists);
    case 'create-schema':
      return createSchema(command, context);
    case 'drop-catalog':
      if (await database.dropCatalog(connection, command.name, command.ifExists)) staging.folder.dropAll(command.name);
      return;
    case 'drop-schema':
      return dropSchema(command, context);
    case 'declare-variable':
    case 'set-variables':
    case 'set-variables-from-query':
    case 'drop-variable':
    case 'execute-into':
      return runVariableCommand(command, context);
  }
}

async function useCatalog(catalog: string, { session, database, connection }: CommandContext): Promise<void> {
  if (!(await database.knowsCatalog(connection, catalog))) throw catalogNotFound(catalog);
  session.catalog = catalog.toLowerCase();
  session.schema = 'default';
}

async function use(name: string[], { session, database, connection }: CommandContext): Promise<void> {
  const [catalog, schema] = qualify(name, session, 2);
  if (!(await database.knowsSchema(connection, catalog as string, schema as string))) {
    throw await database.missing(connection, catalog as string, schema as string);
  }
  session.catalog = (catalog as string).toLowerCase();
  session.schema = (schema as string).toLowerCase();
}

function set(name: string, value: string | undefined, session: SqlSession): CommandResult {
  if (value !== undefined) configure(session, name, value);
  return rows(constantQuery(text('key', 'value'), [[name, settingOf(session, name)]]));
}
