import type { FaultSpec, LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  type ConnectionOptions,
  type TelemetryExplanation,
  type TelemetryOptions,
} from 'databricks-sql-telemetry';
import type { ReasonCode } from '../../../lib/explain/reasons';
import { query, type Session } from '../support/application';

/** An application in a situation, and how that is explained. */
export interface Situation {
  /** The decisive reason, whose sentence is the summary. */
  readonly code: ReasonCode;
  readonly summary: RegExp;
  readonly title: string;
  readonly isSent: boolean;
  readonly env?: Record<string, string>;
  readonly ofClient?: TelemetryOptions;
  readonly options?: Partial<ConnectionOptions>;
  readonly faults?: readonly FaultSpec[];
  readonly flag?: boolean;
  /** Default: one query, then a flush. */
  readonly work?: (client: DBSQLClient, session: Session) => Promise<unknown>;
}

export const ON = { telemetryEnabled: true } as const;
export const CALM = {
  telemetryMaxRetries: 0,
  telemetryCloseTimeoutMs: 500,
  telemetryFlushIntervalMs: 3_600_000,
} as const;

async function queryAndFlush(client: DBSQLClient, session: Session): Promise<void> {
  await query(session);
  await client.flushTelemetry({ deadlineMs: 5000 });
}

export async function explainedIn(workspace: LocalWorkspace, situation: Situation): Promise<TelemetryExplanation> {
  const { env = {}, ofClient = {}, options = {}, faults = [], work = queryAndFlush } = situation;
  for (const fault of faults) workspace.faults.add(fault);
  Object.assign(process.env, env);
  const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM, ...ofClient });
  try {
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    if (situation.code === 'nothing_yet') {
      await client.flushTelemetry({ deadlineMs: 5000 });
      return client.explainTelemetry();
    }
    const session = await client.openSession();
    await work(client, session);
    return client.explainTelemetry();
  } finally {
    for (const variable of Object.keys(env)) delete process.env[variable];
    await client.close();
  }
}
