import { checkName, SqlError } from '../sql/SqlError';
import type { VolumeCommand } from '../sql/volumeCommands';
import { constantQuery, showLike, text } from './catalogQueries';
import { qualify } from './notes';
import type { CommandContext } from './showQueries';

/** Carries out a statement about volumes: a DuckDB query for its result, undefined when it has none. */
export async function runVolumeCommand(command: VolumeCommand, context: CommandContext): Promise<string | undefined> {
  const { folder } = context.staging;
  switch (command.kind) {
    case 'create-volume': {
      const { name, isThere } = await volume(command.name, context);
      checkName(name[2] ?? '');
      if (isThere && !command.ifNotExists) throw taken(name);
      folder.create(name);
      return undefined;
    }
    case 'drop-volume': {
      const [catalog = '', schema = ''] = qualify(command.name, context.session, 3);
      if (command.ifExists && !(await context.database.hasSchema(context.connection, catalog, schema)))
        return undefined;
      const { name, isThere } = await volume(command.name, context);
      if (!isThere && !command.ifExists) throw missing(name);
      folder.drop(name);
      return undefined;
    }
    case 'describe-volume': {
      const { name, isThere } = await volume(command.name, context);
      if (!isThere) throw missing(name);
      const [catalog = '', schema = '', volumeName = ''] = name.map((part) => part.toLowerCase());
      const columns = text('name', 'catalog', 'database', 'owner', 'storage_location', 'volume_type');
      const location = `/Volumes/${catalog}/${schema}/${volumeName}`;
      return constantQuery(columns, [[volumeName, catalog, schema, context.session.user, location, 'MANAGED']]);
    }
    case 'show-volumes': {
      const scope = command.in.length > 0 ? command.in : [context.session.schema];
      const [catalog = '', schema = ''] = await schemaOf(scope, context);
      const rows = folder.volumes(catalog, schema).map((name) => [schema, name]);
      return `SELECT * FROM (${constantQuery(text('database', 'volume_name'), rows)}) WHERE ${showLike('volume_name', command.like)}`;
    }
    case 'list': {
      const entries = folder.entries(command.path).slice(0, command.limit);
      const columns = [
        ...text('path', 'name'),
        { name: 'size', type: 'BIGINT' },
        { name: 'modification_time', type: 'BIGINT' },
      ];
      return constantQuery(
        columns,
        entries.map(({ path, name, sizeBytes, modifiedMs }) => [path, name, sizeBytes, modifiedMs]),
      );
    }
  }
}

async function schemaOf(
  given: readonly string[],
  { database, connection, session }: CommandContext,
): Promise<string[]> {
  const [catalog = '', schema = ''] = qualify(given, session, 2);
  if (!(await database.hasSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
  return [catalog.toLowerCase(), schema.toLowerCase()];
}

async function volume(
  given: readonly string[],
  context: CommandContext,
): Promise<{ name: string[]; isThere: boolean }> {
  const name = qualify(given, context.session, 3);
  const [catalog = '', schema = ''] = await schemaOf(name.slice(0, 2), context);
  return { name, isThere: context.staging.folder.volumes(catalog, schema).includes((name[2] ?? '').toLowerCase()) };
}

function taken(name: readonly string[]): SqlError {
  return new SqlError('VOLUME_ALREADY_EXISTS', '42000', `Volume '${name.join('.')}' already exists.`);
}

function missing(name: readonly string[]): SqlError {
  return new SqlError('VOLUME_DOES_NOT_EXIST', '42704', `Volume '${name.join('.')}' does not exist.`);
}
