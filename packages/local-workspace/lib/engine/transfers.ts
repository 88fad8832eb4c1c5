import type { Command } from '../sql/commands';
import { SqlError } from '../sql/SqlError';
import type { CommandContext } from './showQueries';

type Transfer = Extract<Command, { kind: 'put' | 'get' | 'remove' }>;

/** What the client is to do with a file of a volume, as a query of one row. Rejects with a SqlError. */
export async function transferQuery(command: Transfer, context: CommandContext): Promise<string> {
  const { staging, database, connection } = context;
  const [catalog = ''] = staging.folder.parts(command.remote);
  if (!(await database.hasCatalog(connection, catalog))) {
    throw new SqlError('NOT_FOUND.CATALOG_DOES_NOT_EXIST', '42704', `NOT_FOUND: Catalog '${catalog}' does not exist.`);
  }
  switch (command.kind) {
    case 'put':
      return staging.put(command.local, command.remote, command.overwrite);
    case 'get':
      return staging.get(command.remote, command.local);
    case 'remove':
      return staging.remove(command.remote);
  }
}
