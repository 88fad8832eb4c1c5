import { literal } from '../sql/quote';
import { unsupported } from '../sql/SqlError';
import { CONSTRAINTS } from './catalogQueries';
import type { Definition } from './createStatement';
import { recordChange } from './history';
import { asTransaction, copyRows, makeTable, writtenColumns } from './makeTable';
import { inDuckDb, notedTable, write } from './notes';
import type { CommandContext } from './showQueries';

/**
 * Makes a table anew in its place, with its rows and all that is noted of it, for changes that the database does not make of a
 * table. Rejects with a SqlError and leaves it as it was when its rows do not fit.
 */
export async function rebuild(
  before: Definition,
  after: Definition,
  change: { operation: string; parameters: Readonly<Record<string, string>> },
  context: CommandContext,
): Promise<undefined> {
  const { connection, session } = context;
  await refuseParents(before, context);
  const name = [before.catalog, before.schema, before.name];
  await asTransaction(context, async () => {
    const kept = `SELECT ${writtenColumns(before)} FROM ${inDuckDb(before)}`;
    await connection.run(`CREATE OR REPLACE TEMPORARY TABLE __rebuilt AS ${kept}`);
    await connection.run(`DROP TABLE ${inDuckDb(before)}`);
    await makeTable(after, context, false);
    await copyRows('temp.main.__rebuilt', after, context);
    const { keyNames, checks } = (await notedTable(name, connection, session)).notes;
    const { keyNames: _names, checks: _checks, ...notes } = before.notes;
    await write(
      { ...before, notes: { ...notes, ...(keyNames && { keyNames }), ...(checks && { checks }) } },
      connection,
    );
    await recordChange(connection, session, { table: name, ...change }, 0);
  });
  await connection.run('DROP TABLE IF EXISTS temp.main.__rebuilt');
}

/** Rejects for a table that foreign keys refer to: it cannot be made anew. */
export async function refuseParents(
  { catalog, schema, name }: Definition,
  { connection }: CommandContext,
): Promise<void> {
  const children = await connection.runAndReadAll(
    `SELECT 1 FROM ${CONSTRAINTS} WHERE type = 'FOREIGN KEY' AND catalog = ${literal(catalog)} AND schema = ${literal(schema)} ` +
      `AND referenced_table = ${literal(name)}`,
  );
  if (children.currentRowCount > 0) throw unsupported('This change of a table that foreign keys refer to');
}
