import { listValue, type DuckDBConnection } from '@duckdb/node-api';
import { mergeAssignments, STATEMENT_COLUMNS } from '../columns';
import type { Row } from '../Row';
import { appendRows } from './appendRows';
import { Bloom } from './Bloom';
import { statementKey } from '../rows/eventKey';

/** One row for each statement, whatever the number and the order of the logs that tell of it. */
export class Statements {
  private readonly seen = new Bloom();

  async read(connection: DuckDBConnection): Promise<void> {
    const result = await connection.stream(
      'SELECT coalesce("statementUuid"::VARCHAR, "statementText"), "receivedMs" FROM statements ' +
        'WHERE "statementUuid" IS NOT NULL OR "statementText" IS NOT NULL',
    );
    for await (const rows of result.yieldRows()) {
      for (const [id, receivedMs] of rows) this.seen.add(statementKey(String(id)), Number(receivedMs));
    }
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
    const known = await this.known(connection, rows);
    const fresh = [...withoutId];
    const changed: Row[] = [];
    for (const [id, row] of rows) {
      if (known.has(id)) changed.push(row);
      else fresh.push(row);
      this.seen.add(statementKey(id), Number(row['receivedMs']));
    }
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
    return [...known.values()];
  }

  /** Those of `rows` that are there, and their times. */
  private async known(connection: DuckDBConnection, rows: ReadonlyMap<string, Row>): Promise<Map<string, number>> {
    const doubtful = [...rows].filter(([id]) => this.seen.mayHave(statementKey(id)));
    const known = new Map<string, number>();
    for (const column of ['statementUuid', 'statementText']) {
      const ids = doubtful.flatMap(([, row]) => (row[column] === undefined ? [] : [String(row[column])]));
      if (ids.length === 0) continue;
      const type = column === 'statementUuid' ? 'UUID' : 'VARCHAR';
      const reader = await connection.runAndReadAll(
        `SELECT "${column}"::VARCHAR, "timeMs" FROM statements WHERE "${column}" IN (SELECT unnest($1::VARCHAR[])::${type})`,
        [listValue(ids)],
      );
      for (const [id, timeMs] of reader.getRows()) known.set(String(id).toLowerCase(), Number(timeMs));
    }
    return known;
  }
}
