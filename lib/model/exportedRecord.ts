import type { DriverConfiguration } from './connection';
import type { ErrorStage, TelemetryLevel } from './enums';
import type { ErrorFacts } from './errorFacts';
import type { StatementSummary } from './StatementSummary';

/** What all records say. Where the exporter's scope is narrower than `Local`, fields beyond it are absent. */
interface ExportedBase {
  /** Wall clock, milliseconds since the epoch; of a statement, when it started. */
  readonly timestampMs: number;
  /** Session, as the server names it. */
  readonly sessionId: string | undefined;
  /** Workspace, from the HTTP path of the connection. */
  readonly workspaceId: string | undefined;
  /** Severity. */
  readonly level: TelemetryLevel;
}

/** What may come for others like it. */
interface Sampled {
  /** Share of such records that the exporter gets; absent when it gets all, and of what is never left out. */
  readonly sampleRate?: number;
}

/** A statement that has ended. As text (`${record}`) it is one line for a person. */
export type ExportedStatement = ExportedBase & StatementSummary & Sampled & { readonly kind: 'statement' };

/** A session was opened or closed. */
export type ExportedConnection = ExportedBase &
  Sampled & {
    readonly kind: 'connection';
    readonly operation: 'CREATE_SESSION' | 'DELETE_SESSION';
    /** Latency of the RPC in milliseconds. */
    readonly latencyMs: number | undefined;
    /** The facts of the connection, static for its lifetime. */
    readonly configuration: Partial<DriverConfiguration>;
  };

/** Something failed. */
export type ExportedError = ExportedBase &
  ErrorFacts & {
    readonly kind: 'error';
    /** Statement, as the server names it; undefined for a failure without one. */
    readonly statementId: string | undefined;
    /** Where the error came up. */
    readonly stage: ErrorStage;
    /** Whether a retry is pointless. */
    readonly isTerminal: boolean;
    /** Redacted text, where the exporter asked for it. */
    readonly message?: string;
  };

/** What an application's exporter gets: plain, frozen data that can be printed, copied and serialised. */
export type ExportedRecord = ExportedStatement | ExportedConnection | ExportedError;
