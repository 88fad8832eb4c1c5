import { inDuckDb, qualify } from './notes';
import type { CommandContext } from './showQueries';
import { createText, type Definition } from './createStatement';
import { identifier } from '../sql/quote';
import { STEP } from '../sql/placeholders';
import { planStatement } from './plan';
import { runDdl } from './runDdl';

/** Makes the table that `made` describes, with all that is noted of it. Rejects with a SqlError. */
export async function makeTable(made: Definition, context: CommandContext, isKeptInHistory = true): Promise<void> {
  const { connection, session } = context;
  const plan = await planStatement(createText(made), [], context);
  if (plan.kind === 'command') throw new Error('a definition is no command');
  const { sql, change, ...rest } = plan;
  await runDdl({ ...rest, ...(isKeptInHistory && change && { change }) }, connection, session, async () => {
    for (const step of sql.split(STEP)) await connection.run(step);
    return 0;
  });
}

/** Columns whose values are not made of others. */
export function writtenColumns({ columns }: Definition): string {
  const written = columns.filter(({ clause }) => !/^generated/i.test(clause ?? ''));
  return written.map(({ name }) => identifier(name)).join(', ');
}

/** Puts the rows of one table into another with the same columns; how many they were. */
export async function copyRows(from: string, to: Definition, context: CommandContext): Promise<number> {
  const columns = writtenColumns(to);
  const sql = `INSERT INTO ${inDuckDb(to)} (${columns}) SELECT ${columns} FROM ${from}`;
  return (await context.connection.run(sql)).rowsChanged;
}

/** Does `work` as one transaction, in one of the tenant's turns at the database. Rejects with what `work` throws. */
export function asTransaction<T>(
  context: Pick<CommandContext, 'connection' | 'database' | 'session' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  const { connection, database, session, signal } = context;
  return database.turns.run(session.user, signal, async () => {
    await connection.run('BEGIN');
    try {
      const result = await work();
      await connection.run('COMMIT');
      return result;
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

/** A definition under another name. */
export function renamed<T extends Definition>(definition: T, name: readonly string[], context: CommandContext): T {
  const [catalog = '', schema = '', table = ''] = qualify(name, context.session, 3);
  return { ...definition, catalog: catalog.toLowerCase(), schema: schema.toLowerCase(), name: table };
}
