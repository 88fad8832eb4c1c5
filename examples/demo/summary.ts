import type { KeptPromise } from './promises';
import type { ReceivedStatement } from './received';
import type { Seen } from './workload';

/** One statement of the workload from both sides. */
export interface StatementSummary {
  readonly seen: Seen;
  readonly received: ReceivedStatement | undefined;
  /** Counted by the library; no field of the service carries it. */
  readonly local: { readonly rows: number; readonly bytes: number } | undefined;
}

/** All the demo has to say; printed as it is with `--json`. */
export interface Summary {
  readonly driver: string;
  readonly ok: boolean;
  /** Errors that reached the application because of telemetry, or against its expectation. */
  readonly threw: number;
  readonly dropped: number;
  readonly statements: readonly StatementSummary[];
  readonly sessions: { readonly opened: number; readonly closed: number };
  readonly accounting: {
    readonly collected: number;
    readonly delivered: number;
    readonly rejected: number;
    readonly dropped: number;
    readonly droppedByReason: Readonly<Record<string, number>>;
    readonly pending: number;
  };
  readonly requests: {
    readonly featureFlag: number;
    readonly telemetry: number;
    readonly thrift: number;
    readonly files: number;
  };
  readonly connect: { readonly withMs: number; readonly withoutMs: number; readonly flagDelayMs: number };
  readonly promises: readonly KeptPromise[];
}
