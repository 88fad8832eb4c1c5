import type { AnswerRow, Rows } from '../queries/Query';
import type { Row } from '../Row';
import type { SharedColumn, SharedTable } from './tables';

/** An engine that several collectors share, as far as they know it. All SQL is standard SQL. */
export interface Warehouse extends Rows {
  /** What it is called in messages. */
  readonly title: string;
  /** Rejects when `signal` is aborted, and has the engine stop. */
  rows(sql: string, signal?: AbortSignal): Promise<AnswerRow[]>;
  /** The rows of `sql` as they come. */
  pages(sql: string, signal?: AbortSignal): AsyncIterable<AnswerRow[]>;
  /** Makes what is missing of the tables. */
  createTable(table: SharedTable): Promise<void>;
  /** Gives a table of an earlier version a column that it does not have yet. */
  addColumn(table: SharedTable, column: SharedColumn): Promise<void>;
  createView(name: string, sql: string): Promise<void>;
  /** The SQL of the rows of `table`, one for each key. */
  merged(table: SharedTable): string;
  /** Appends `rows`. The same name and rows a second time may append nothing: they mean the same. */
  append(table: SharedTable, rows: readonly Row[], name: string): Promise<void>;
  remove(table: SharedTable, condition: string): Promise<void>;
  /** Whether `error` says that it cannot be reached, and not that it refused. */
  isAway(error: unknown): boolean;
  close(): Promise<void>;
}
