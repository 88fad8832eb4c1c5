import { PARQUET_MARK } from './columns';
import type { AnswerOf, ParametersOf, QueryName } from './queries';
import type { Selection } from './Selection';

export interface ExpireReport {
  /** Statements that were deleted, or with a dry run would be. */
  readonly statements: number;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Whose statements are to be forgotten: all that came from one host, session or application. */
export type Removal =
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'application'; readonly application: string };

export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How DuckDB, which writes the files of every engine, is told of a format. */
export const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  csv: 'FORMAT csv, HEADER',
  jsonl: 'FORMAT json',
  parquet: `FORMAT parquet, COMPRESSION zstd, ${PARQUET_MARK}`,
};

/** A row of the warehouse's query history, of the allowed columns only. */
export type HistoryRow = Readonly<Record<string, string | number | boolean | null>>;

/** Where statements are kept and asked. What a new engine has to do. */
export interface Store {
  /** Rejects with the reason of `signal` when it is aborted; nothing goes on for a question that nobody waits for. */
  query<N extends QueryName>(name: N, parameters: ParametersOf<N>, signal?: AbortSignal): Promise<AnswerOf<N>>;
  /** Deletes what is older than `beforeMs`, and the oldest days beyond `maxBytes`. */
  expire(beforeMs: number, maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport>;
  /** Moves older days to their files. */
  archive(nowMs: number): Promise<void>;
  remove(removal: Removal): Promise<number>;
  addHistory(rows: readonly HistoryRow[]): Promise<number>;
  /** Writes the selection to a file of the data folder and returns its path; the caller removes it. */
  export(selection: Selection, format: ExportFormat, signal?: AbortSignal): Promise<string>;
  /** A consistent copy in a folder of the data folder. */
  backup(): Promise<string>;
  /** Bytes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
}
