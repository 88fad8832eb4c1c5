import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../Selection';
import { selectRows } from './sql';

/** Writes all that the database of `connection` holds to the file `target`, which must not be there. */
export async function copyDatabase(connection: DuckDBConnection, target: string): Promise<void> {
  await connection.run(`ATTACH ${literal(target)} AS copied`);
  try {
    const [row] = await selectRows(connection, 'SELECT current_database() AS name');
    await connection.run(`COPY FROM DATABASE "${String(row?.['name'])}" TO copied`);
    await connection.run('CHECKPOINT copied');
  } finally {
    await connection.run('DETACH copied');
  }
}
