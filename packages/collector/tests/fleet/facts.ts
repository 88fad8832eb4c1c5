import type { SenderKind } from './services';

export type Outcome = 'delivered' | 'failed' | 'cancelled' | 'timed_out';

export interface ErrorFacts {
  readonly name: string;
  readonly errorClass: string | null;
  readonly sqlState: string | null;
  readonly httpStatus: number | null;
  readonly stage: string;
}

export interface FileFacts {
  readonly count: number;
  readonly firstMs: number;
  readonly slowestMs: number;
  readonly sumMs: number;
  readonly retried: number;
}

/** What the warehouse knows of a statement. Milliseconds. */
export interface ServerFacts {
  readonly coldStartMs: number;
  readonly queuedMs: number;
  readonly compilationMs: number;
  readonly executionMs: number;
  readonly totalMs: number;
}

/** One statement, as it was. What its sender does not tell is null. Durations in milliseconds. */
export interface FleetStatement {
  readonly id: string;
  readonly sessionId: string;
  readonly timeMs: number;
  readonly sender: SenderKind;
  readonly service: string | null;
  readonly warehouse: string | null;
  readonly driverVersion: string;
  readonly operation: string;
  readonly format: string | null;
  readonly outcome: Outcome | null;
  readonly error: ErrorFacts | null;
  readonly submitMs: number;
  readonly waitMs: number;
  /** Submission and waiting: what the driver reports as its latency. */
  readonly latencyMs: number;
  readonly firstRowMs: number | null;
  readonly consumeMs: number | null;
  readonly closeMs: number | null;
  readonly polls: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly retries: number | null;
  readonly causes: string | null;
  readonly files: FileFacts | null;
  readonly server: ServerFacts | null;
}

export interface FleetSession {
  readonly id: string;
  readonly timeMs: number;
  readonly service: string | null;
  readonly sender: SenderKind;
  readonly warehouse: string | null;
  readonly driverVersion: string;
  readonly runtimeVersion: string;
}
