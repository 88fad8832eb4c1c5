import type { LocalWorkspace } from 'databricks-local-workspace';
import type { DBSQLClient, StatementSummary } from 'databricks-sql-telemetry';
import type { Operation, Session } from '../support/application';

/** What a scenario works with. */
export interface World {
  readonly workspace: LocalWorkspace;
  readonly client: DBSQLClient;
  readonly session: Session;
  /** Notes what the application got from an operation, so that the row can be compared with it. */
  saw(operation: Operation, rows: number): void;
}

/** The parts of a statement row that a scenario fixes; what is left out may be anything. */
export interface ExpectedRow {
  readonly operation?: string;
  readonly type?: string;
  readonly format?: string | undefined;
  readonly compressed?: boolean;
  readonly files?: ExpectedFiles;
  readonly retries?: number;
  /** What made the driver try again. */
  readonly causes?: string | undefined;
  readonly direct?: StatementSummary['directResults'];
  readonly outcome?: StatementSummary['outcome'];
  readonly volumeOperation?: string;
  /** `consumed`: whether the result was read to its end. */
  readonly consumed?: boolean;
  /** Whether the application got a row, and so there is a first-row phase. */
  readonly firstRow?: boolean;
  /** Whether a request closed the operation before the statement ended. */
  readonly closed?: boolean;
  /** Size of the transferred file. */
  readonly bytes?: number | undefined;
}

export interface ExpectedFiles {
  readonly present: number | 'some';
  readonly read?: number | 'all';
  readonly unread?: number | 'others';
  readonly failed?: number;
  readonly expired?: number;
  readonly retried?: number;
  /** HTTP status of the first that failed. */
  readonly status?: number | undefined;
}

export interface ExpectedError {
  readonly name?: string;
  readonly stage: string;
  readonly code?: string;
  readonly sqlState?: string;
  readonly httpStatus?: number;
  /** CloudFetch file. */
  readonly file?: number;
}

export interface Scenario {
  readonly name: string;
  run(world: World): Promise<void>;
  /** One entry per statement, in the order of submission. */
  readonly rows: readonly ExpectedRow[];
  /** Default: none. `any` where the supported drivers differ. */
  readonly errors?: readonly ExpectedError[] | 'any';
  /** Statements that the workspace serves and nobody must hear of. Default 0. */
  readonly unobserved?: number;
  /** Client configuration for this scenario. */
  readonly config?: Readonly<Record<string, unknown>>;
}
