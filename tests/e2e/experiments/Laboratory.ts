import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions, DBSQLClient, TELEMETRY_OPTIONS, TelemetryOptions } from 'databricks-sql-telemetry';
import sinon from 'sinon';
import { systemClock } from '../../../lib/util/clock';
import { expectAccounted } from '../support/accounts';
import { connectTo, query, type Session } from '../support/application';
import { TimeMachine } from '../support/time';
import { rejectionOf } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

export type OptionName = keyof typeof TELEMETRY_OPTIONS;

/** What `connect()` gets beside the matter in question, and what is to be seen with each value. */
export interface Experiment {
  readonly title: string;
  readonly measure: (options: TelemetryOptions) => Promise<unknown>;
  /** Values of the option and what is seen with them. */
  readonly seen: ReadonlyArray<readonly [value: string | number | boolean, result: unknown]>;
}

export type Experiments = Partial<Record<OptionName, Experiment>>;

export const HOUR_MS = 3_600_000;

/** Sends when somebody flushes, and tries once. */
export const CALM: TelemetryOptions = {
  telemetryFlushIntervalMs: HOUR_MS,
  telemetryMaxRetries: 0,
  telemetryBackoffBaseMs: 1,
  telemetryCloseTimeoutMs: 3000,
};

export const failing = (session: Session): Promise<unknown> =>
  rejectionOf(query(session, 'SELECT * FROM no_such_table'));

/** A workspace of its own for each experiment, and clients of it. */
export class Laboratory {
  workspace!: LocalWorkspace;
  private time: TimeMachine | undefined;
  private random: sinon.SinonStub | undefined;

  async open(): Promise<void> {
    this.workspace = await startFreshWorkspace();
  }

  async close(): Promise<void> {
    this.time?.restore();
    this.random?.restore();
    await this.workspace.close();
  }

  /** A clock for the rest of the experiment, which can be put forward. */
  travel(): TimeMachine {
    this.time = new TimeMachine();
    return this.time;
  }

  /** For the rest of the experiment every pause is as long as it can be. */
  withoutJitter(): void {
    this.random = sinon.stub(systemClock, 'random').returns(0.999);
  }

  connect(options: TelemetryOptions): Promise<DBSQLClient> {
    return connectTo(this.workspace, { ...CALM, ...options } as Partial<ConnectionOptions>);
  }

  /** Connects, works in a session, and closes it all. */
  async session(options: TelemetryOptions, work: (session: Session, client: DBSQLClient) => Promise<unknown>) {
    const client = await this.connect(options);
    try {
      return await work(await client.openSession(), client);
    } finally {
      await client.close();
      if (client.getTelemetryStats() !== undefined) expectAccounted(client.getTelemetryStats());
    }
  }

  posts(): number {
    return this.workspace.received.requests({ route: 'telemetry-ext' }).length;
  }

  pending(client: DBSQLClient): number | undefined {
    return client.getTelemetryStats()?.pending;
  }
}
