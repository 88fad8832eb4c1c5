import type * as driver from '@databricks/sql';
import type * as library from 'databricks-sql-telemetry';
import type { SubjectName } from '../harness/measure';
import { LIBRARY } from '../harness/places';
import { newHost, type Settings } from './redirect';

type DriverClient = driver.DBSQLClient;

export type Client = Pick<DriverClient, 'connect' | 'openSession' | 'close'>;
export type Session = Awaited<ReturnType<DriverClient['openSession']>>;
type Options = Record<string, unknown>;

const SILENT = { log: () => undefined };

interface OfficialInternals {
  readonly telemetryClient?: { getAggregator(): { flush(resetTimer: boolean): Promise<void> } };
}

/** Whether the subject is this library, on or off, and not the driver itself. */
export function isLibrary(name: SubjectName): boolean {
  return name === 'disabled' || sends(name);
}

/** Whether the subject is this library with telemetry on, whoever else is told. */
function sends(name: SubjectName): boolean {
  return name === 'ours' || name === 'subscribed' || name === 'traced';
}

/** The driver, loaded when it is asked for. */
export function loadDriver(): typeof driver {
  return module.require('@databricks/sql') as typeof driver;
}

/** This library as it is published, loaded when it is asked for. */
export function loadLibrary(): typeof library {
  return module.require(LIBRARY) as typeof library;
}

/** A client as an application makes it: of the driver, or of this library. Loads nothing but what it needs. */
export function newClient(name: SubjectName): Client {
  const { DBSQLClient } = isLibrary(name) ? loadLibrary() : loadDriver();
  return new DBSQLClient({ logger: SILENT });
}

/** What an application passes to `connect()`; the host is one that the process has not heard of. */
export function optionsFor(
  name: SubjectName,
  settings: Settings,
  more: Options = {},
): Parameters<Client['connect']>[0] {
  const telemetryEnabled = sends(name) || name === 'official';
  return { ...newHost(settings), telemetryEnabled, ...more } as Parameters<Client['connect']>[0];
}

export async function connect(name: SubjectName, settings: Settings, more: Options = {}): Promise<Client> {
  const client = newClient(name);
  await client.connect(optionsFor(name, settings, more));
  return client;
}

/** Waits until what telemetry has collected is sent. */
export async function flush(client: Client): Promise<void> {
  if ('flushTelemetry' in client) await (client as library.DBSQLClient).flushTelemetry();
  else await (client as unknown as OfficialInternals).telemetryClient?.getAggregator().flush(false);
}

/** Reads a result to its end and returns the number of its rows; `rowsPerPage`: how many a request asks for. */
export async function runQuery(
  session: Session,
  sql: string,
  useCloudFetch = false,
  rowsPerPage?: number,
): Promise<number> {
  const paging = rowsPerPage === undefined ? {} : { maxRows: rowsPerPage };
  const operation = await session.executeStatement(sql, { useCloudFetch, ...paging });
  let rows = 0;
  do rows += (await operation.fetchChunk(paging)).length;
  while (await operation.hasMoreRows());
  await operation.close();
  return rows;
}
