import type { Scenario, STATEMENTS } from './scenarios';

/** What a program reads as JSON from its standard input. */
export interface Task {
  /** Distinct for each run; part of the name of its file in the volume. */
  readonly name: string;
  /** How results are asked for: `columns`, `arrow`, `files`, or as the driver calls it. */
  readonly mode: string;
  /** What the driver is told as the application's name. */
  readonly application: string;
  /** A folder for files that go to and come from volumes. */
  readonly folder: string;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly path: string;
    readonly token: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly caFile: string;
    /** A CONNECT proxy behind which the workspace is `cloudHost`, port 443. */
    readonly proxyPort: number;
    readonly cloudHost: string;
  };
  readonly scenarios: readonly Scenario[];
  readonly statements: typeof STATEMENTS;
}
