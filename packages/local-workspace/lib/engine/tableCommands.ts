import type { AlterCommand } from '../sql/alterTable';
import type { Command } from '../sql/commands';
import { alterTable } from './alterTable';
import { constantQuery } from './catalogQueries';
import { runCopyInto } from './copyInto/runCopyInto';
import { copyTable } from './copyTable';
import { recordChange } from './history';
import type { CommandContext } from './showQueries';
import { runUpkeep } from './upkeepQueries';

type TableCommand =
  Extract<Command, { kind: 'optimize' | 'vacuum' | 'analyze' | 'cache' | 'copy-into' | 'create-copy' }> | AlterCommand;

/** Does something to a table. The query of its result, undefined when it has none. Rejects with a SqlError. */
export async function runTableCommand(command: TableCommand, context: CommandContext): Promise<string | undefined> {
  switch (command.kind) {
    case 'copy-into':
      return copied(command, context);
    case 'create-copy':
      return copyTable(command, context);
    case 'optimize':
    case 'vacuum':
    case 'analyze':
    case 'cache':
      return runUpkeep(command, context);
    case 'alter':
      return alterTable(command.alteration, context);
  }
}

/** Copies, and returns the query for its result. */
async function copied(command: Extract<Command, { kind: 'copy-into' }>, context: CommandContext): Promise<string> {
  const count = await runCopyInto(command, context);
  const parameters = { format: command.format.toLowerCase(), path: command.path };
  const change = { table: command.table, operation: 'COPY INTO', parameters, rowsAs: 'numOutputRows' };
  await recordChange(context.connection, context.session, change, count);
  const names = ['num_affected_rows', 'num_inserted_rows', 'num_skipped_corrupt_files'];
  return constantQuery(
    names.map((name) => ({ name, type: 'BIGINT' })),
    [[count, count, 0]],
  );
}
