import { DBSQLClient as DriverClient } from '@databricks/sql';
import { DBSQLClient as ObservedClient } from '../../lib/DBSQLClient';
import type { SubjectName } from '../harness/measure';
import type { WorkspaceProcess } from './workspace';

export type Client = Pick<DriverClient, 'connect' | 'openSession' | 'close'>;
export type Session = Awaited<ReturnType<DriverClient['openSession']>>;

const SILENT = { log: () => undefined };

interface OfficialInternals {
  readonly telemetryClient?: { getAggregator(): { flush(resetTimer: boolean): Promise<void> } };
}

/** Connects as an application would: the driver without telemetry, with its own, or this library. */
export async function connect(name: SubjectName, workspace: WorkspaceProcess): Promise<Client> {
  const client: Client =
    name === 'ours' ? new ObservedClient({ logger: SILENT }) : new DriverClient({ logger: SILENT });
  const options = { ...workspace.connectionOptions, telemetryEnabled: name !== 'plain' };
  await client.connect(options as Parameters<Client['connect']>[0]);
  return client;
}

/** Sends what telemetry has collected, so that its work counts where it was caused. */
export async function flush(client: Client): Promise<void> {
  if (client instanceof ObservedClient) await client.flushTelemetry();
  else await (client as unknown as OfficialInternals).telemetryClient?.getAggregator().flush(false);
}

export async function runQuery(session: Session, sql: string, useCloudFetch = false): Promise<number> {
  const operation = await session.executeStatement(sql, { useCloudFetch });
  let rows = 0;
  do rows += (await operation.fetchChunk()).length;
  while (await operation.hasMoreRows());
  await operation.close();
  return rows;
}
