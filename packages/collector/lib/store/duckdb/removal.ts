import { numberOf } from '../queries/Query';
import { literal } from '../Selection';
import type { Removal } from '../Store';
import { checkpoint } from './checkpoint';
import type { Opened } from './Opened';
import { inTransaction, selectRows } from './sql';

/** Deletes all that came from `removal`, from files of older days too. Returns how many statements those were. */
export async function removeAll({ archive, writer, loader, folder }: Opened, removal: Removal): Promise<number> {
  const where = removalCondition(removal);
  await archive.removeHidden();
  await writer.run(
    'DELETE FROM history WHERE "statementId" IN (SELECT coalesce(CAST("statementUuid" AS VARCHAR), ' +
      `lower("statementText")) FROM all_statements WHERE ${where})`,
  );
  const removed = await archive.removeRows(where);
  const [row] = await selectRows(writer, `SELECT count(*) AS n FROM statements WHERE ${where}`);
  await inTransaction(writer, async () => {
    await writer.run(`DELETE FROM statements WHERE ${where}`);
    await writer.run(`DELETE FROM errors WHERE ${where}`);
    if (removal.kind === 'session') {
      await writer.run(`DELETE FROM sessions WHERE "sessionId" = ${literal(removal.sessionId)}`);
    } else {
      await writer.run(`DELETE FROM sessions WHERE dim IN (${dimsOf(removal)})`);
      await writer.run(`DELETE FROM dims WHERE dim IN (${dimsOf(removal)})`);
    }
  });
  await loader.refresh();
  await checkpoint(writer, folder);
  return removed + numberOf(row?.['n']);
}

function dimsOf(removal: Exclude<Removal, { kind: 'session' }>): string {
  const value = removal.kind === 'host' ? removal.host : removal.application;
  const columns = removal.kind === 'host' ? ['host'] : ['service', '"clientAppName"', '"processName"'];
  return `SELECT dim FROM dims WHERE ${columns.map((column) => `${column} = ${literal(value)}`).join(' OR ')}`;
}

function removalCondition(removal: Removal): string {
  return removal.kind === 'session'
    ? `session IN (SELECT session FROM sessions WHERE "sessionId" = ${literal(removal.sessionId)})`
    : `dim IN (${dimsOf(removal)})`;
}
