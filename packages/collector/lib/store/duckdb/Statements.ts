import type { DuckDBConnection } from '@duckdb/node-api';
import { mergeAssignments, STATEMENT_COLUMNS } from '../columns';
import type { Row } from '../Row';
import { DEDUPLICATED_FOR_MS, statementKey } from '../rows/eventKey';
import { appendRows } from './appendRows';
import type { Archive } from './Archive';
import { Bloom, type Key64 } from './Bloom';
import { idsOf } from './ids';

const ID_AND_ARRIVAL = 'coalesce("statementUuid"::VARCHAR, "statementText"), "receivedMs"';

/** One row for each statement, whatever the number and the order of the logs that tell of it. */
export class Statements {
  /** Of those in the table, and of those that came in the last 48 hours. */
  private readonly seen = new Bloom();

  constructor(private readonly archive: Archive) {}

  async read(connection: DuckDBConnection): Promise<void> {
    const older = await this.archive.arrivedSince(Date.now() - DEDUPLICATED_FOR_MS);
    const sources = ['statements WHERE true', ...(older === undefined ? [] : [older])];
    for (const source of sources) {
      const result = await connection.stream(
        `SELECT ${ID_AND_ARRIVAL} FROM ${source} AND ("statementUuid" IS NOT NULL OR "statementText" IS NOT NULL)`,
      );
      for await (const rows of result.yieldRows()) {
        for (const [id, receivedMs] of rows) this.seen.add(statementKey(String(id)), Number(receivedMs));
      }
    }
  }

  /** Forgets what came before `beforeMs`: none of it is in the table any more. */
  expire(beforeMs: number): void {
    this.seen.expire(Math.min(beforeMs, Date.now() - DEDUPLICATED_FOR_MS));
  }

  /**
   * Writes `rows` (one for each statement id): a statement that is there already learns what is new. Returns the times
   * that those which are there had.
   */
  async write(
    connection: DuckDBConnection,
    rows: ReadonlyMap<string, Row>,
    withoutId: readonly Row[],
  ): Promise<number[]> {
    const keys = new Map([...rows.keys()].map((id) => [id, statementKey(id)]));
    const known = await this.known(connection, rows, keys);
    const fresh = [...withoutId];
    const changed: Row[] = [];
    for (const [id, row] of rows) {
      if (known.has(id)) changed.push(row);
      else fresh.push(row);
    }
    for (const [id, key] of keys) this.seen.add(key, Number(rows.get(id)?.['receivedMs']));
    if (changed.length > 0) {
      await connection.run('CREATE OR REPLACE TEMP TABLE changed_statements AS SELECT * FROM statements LIMIT 0');
      await appendRows(connection, 'changed_statements', STATEMENT_COLUMNS, changed);
      for (const id of ['statementUuid', 'statementText']) {
        await connection.run(
          `UPDATE statements SET ${mergeAssignments(STATEMENT_COLUMNS, 'statements', 'c')} FROM changed_statements c ` +
            `WHERE statements."${id}" = c."${id}"`,
        );
      }
    }
    fresh.sort((a, b) => Number(a['timeMs']) - Number(b['timeMs']));
    await appendRows(connection, 'statements', STATEMENT_COLUMNS, fresh);
    const times = [...known.values()];
    await this.archive.wrote([...times, ...[...fresh, ...changed].map(({ timeMs }) => Number(timeMs))]);
    return times;
  }

  /** Those of `rows` that are there, in files too, and their times. All of them are in the table then. */
  private async known(
    connection: DuckDBConnection,
    rows: ReadonlyMap<string, Row>,
    keys: ReadonlyMap<string, Key64>,
  ): Promise<Map<string, number>> {
    const doubtful = new Map<string, Row>();
    for (const [id, key] of keys) {
      const row = this.seen.mayHave(key) ? rows.get(id) : undefined;
      if (row !== undefined) doubtful.set(id, row);
    }
    const known = new Map<string, number>();
    for (const { column, type, list } of idsOf([...doubtful.values()])) {
      const reader = await connection.runAndReadAll(
        `SELECT "${column}"::VARCHAR, "timeMs" FROM statements WHERE "${column}" IN (SELECT unnest($1::VARCHAR[])::${type})`,
        [list],
      );
      for (const [id, timeMs] of reader.getRows()) known.set(String(id).toLowerCase(), Number(timeMs));
    }
    const missing = (of: ReadonlyMap<string, Row>): Row[] =>
      [...of].flatMap(([id, row]) => (known.has(id) ? [] : [row]));
    const back = await this.archive.bringBack({ rows: missing(rows), doubtful: missing(doubtful) });
    for (const [id, timeMs] of back) known.set(id, timeMs);
    return known;
  }
}
