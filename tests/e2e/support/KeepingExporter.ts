import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  type ConnectionOptions,
  type ExportedRecord,
  type ExportResult,
  type FieldScope,
  type ITelemetryExporter,
} from 'databricks-sql-telemetry';
import { KeepingLogger, query, type Session } from './application';
import { rejectionOf } from './waiting';

export const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 600 };

/** Keeps what it gets, and does what it is told with it. */
export class KeepingExporter implements ITelemetryExporter {
  readonly records: ExportedRecord[] = [];
  calls = 0;
  running = 0;
  mostRunning = 0;
  closed = 0;

  constructor(
    readonly scope: FieldScope = 'Local',
    private readonly answer: (signal?: AbortSignal) => Promise<ExportResult | void> = async () => undefined,
  ) {}

  async export(batch: readonly ExportedRecord[], signal?: AbortSignal): Promise<ExportResult | void> {
    this.calls += 1;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      const result = await this.answer(signal);
      this.records.push(...batch);
      return result;
    } finally {
      this.running -= 1;
    }
  }

  async close(): Promise<void> {
    this.closed += 1;
  }

  of<K extends ExportedRecord['kind']>(kind: K): Extract<ExportedRecord, { kind: K }>[] {
    return this.records.filter((record): record is Extract<ExportedRecord, { kind: K }> => record.kind === kind);
  }
}

/** A client with these exporters that runs `statements` in a session, and closes. */
export async function workWith(
  workspace: LocalWorkspace,
  telemetryExporters: readonly ITelemetryExporter[],
  ofConnection: object = {},
  statements = ['SELECT 1 AS one'],
): Promise<DBSQLClient> {
  const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters });
  await client.connect({ ...workspace.connectionOptions, ...FAST, ...ofConnection } as ConnectionOptions);
  const session = (await client.openSession()) as Session;
  for (const sql of statements) await rejectionOf(query(session, sql));
  await client.close();
  return client;
}

export const accountOf = (client: DBSQLClient, index = 0) => client.getTelemetryStats()?.exporters[index];
