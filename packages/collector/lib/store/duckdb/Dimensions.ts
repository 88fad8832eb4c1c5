import type { DuckDBConnection } from '@duckdb/node-api';
import type { TelemetryRow } from '../../receive/decodeLog';
import { DIMENSION_NAMES } from '../columns';
import { connectionValues, namesOf } from '../rows/connectionValues';
import type { Row } from '../Row';
import { appendRows, type AppendColumn } from './appendRows';

const COLUMNS: readonly AppendColumn[] = [
  { name: 'dim', type: 'INTEGER' },
  ...DIMENSION_NAMES.map((name) => ({ name, type: 'VARCHAR' as const })),
  { name: 'settings', type: 'VARCHAR' },
  { name: 'firstMs', type: 'BIGINT' },
];

/** A sender that makes up names cannot fill the memory: what comes beyond is stored without its connection. */
const MAX_COMBINATIONS = 100_000;

/** The combinations of what connections are known by, numbered. Kept in memory: they are few. */
export class Dimensions {
  private readonly numbers = new Map<string, number>();
  private readonly names = new Map<number, Readonly<Record<string, string | null>>>();
  private fresh: Row[] = [];
  private next = 1;

  async read(connection: DuckDBConnection): Promise<void> {
    const names = DIMENSION_NAMES.map((name) => `"${name}"`).join(', ');
    const reader = await connection.runAndReadAll(`SELECT dim, ${names}, settings FROM dims`);
    this.numbers.clear();
    this.fresh = [];
    this.next = 1;
    for (const [dim, ...values] of reader.getRows()) {
      this.numbers.set(JSON.stringify(values), Number(dim));
      this.remember(
        Number(dim),
        values.map((value) => (typeof value === 'string' ? value : null)),
      );
      this.next = Math.max(this.next, Number(dim) + 1);
    }
  }

  /** The number of what `row` says of its connection; null when it says nothing. */
  numberOf(row: TelemetryRow): number | null {
    const connection = connectionValues(row);
    if (connection === null) return null;
    const { values, settings, key } = connection;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.numbers.size >= MAX_COMBINATIONS) return null;
    const dim = this.next;
    this.next += 1;
    this.numbers.set(key, dim);
    this.remember(dim, values);
    this.fresh.push({
      dim,
      settings,
      firstMs: row.timeMs,
      ...namesOf(values),
    });
    return dim;
  }

  /** What `dim` stands for, by name. */
  describe(dim: number | null): Readonly<Record<string, string | null>> {
    return (dim === null ? undefined : this.names.get(dim)) ?? {};
  }

  private remember(dim: number, values: readonly (string | null)[]): void {
    this.names.set(dim, namesOf(values));
  }

  /** Writes the combinations that are new, in the transaction of `connection`. */
  async flush(connection: DuckDBConnection): Promise<void> {
    await appendRows(connection, 'dims', COLUMNS, this.fresh);
    this.fresh = [];
  }
}
