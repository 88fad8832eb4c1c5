// Code as it is written for the driver, oldest supported version and up. tests/repository/types.test.ts compiles it
// twice: as it is, and with the import switched to this library.
import {
  auth,
  connections,
  DBSQLClient,
  DBSQLLogger,
  DBSQLParameter,
  DBSQLParameterType,
  DBSQLSession,
  LogLevel,
  thrift,
  utils,
} from '@databricks/sql';
import type IDBSQLClient from '@databricks/sql/dist/contracts/IDBSQLClient';
import type { ConnectionOptions } from '@databricks/sql/dist/contracts/IDBSQLClient';
import type IDBSQLLogger from '@databricks/sql/dist/contracts/IDBSQLLogger';
import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import type { Readable } from 'node:stream';

const where = { host: 'workspace.test', path: '/sql/1.0/warehouses/abc' };

class ConsoleLogger implements IDBSQLLogger {
  log(level: LogLevel, message: string): void {
    console.log(level, message);
  }
}

const logger = new DBSQLLogger({ filepath: 'log.txt', level: LogLevel.debug });
const client: DBSQLClient = new DBSQLClient({ logger });
const other = new DBSQLClient({ logger: new ConsoleLogger() });
const contract: IDBSQLClient = new DBSQLClient();

export async function connectEveryWay(): Promise<void> {
  await client.connect({ ...where, token: 'token' });
  await client.connect({ ...where, authType: 'access-token', token: 'token', port: 443 });
  await client.connect({ ...where, authType: 'databricks-oauth' });
  await client.connect({
    ...where,
    authType: 'databricks-oauth',
    azureTenantId: 'tenant',
    oauthClientId: 'id',
    oauthClientSecret: 'secret',
    useDatabricksOAuthInAzure: true,
    persistence: { persist: async () => undefined, read: async () => undefined },
  });
  await client.connect({ ...where, authType: 'custom', provider: { authenticate: async () => ({ a: 'b' }) } });
  const options: ConnectionOptions = {
    ...where,
    token: 'token',
    userAgentEntry: 'app/1.0',
    socketTimeout: 1000,
    proxy: { protocol: 'http', host: 'proxy.test', port: 3128, auth: { username: 'user', password: 'password' } },
  };
  await other.connect(options, new auth.PlainHttpAuthentication({ username: 'token', context: other }));
  await contract.connect(options);
}

export function chained(): Promise<void> {
  return client
    .connect({ ...where, token: 'token' })
    .then(async (connected) => {
      const session: IDBSQLSession = await connected.openSession();
      const operation: IOperation = await session.executeStatement('SELECT 1', { runAsync: true, maxRows: 10 });
      const rows: object[] = await operation.fetchAll();
      console.table(rows);
      await operation.close();
      await session.close();
      await connected.close();
    })
    .catch((error: unknown) => console.error(error));
}

export async function sessions(): Promise<boolean> {
  const session = await client.openSession({
    initialCatalog: 'main',
    initialSchema: 'default',
    configuration: { ansi_mode: 'true' },
  });
  const info: boolean = session instanceof DBSQLSession && (await session.getInfo(18)).getValue() !== undefined;
  await session.getTypeInfo();
  await session.getCatalogs({ maxRows: 10 });
  await session.getSchemas({ catalogName: 'main' });
  await session.getTables({ tableName: '%', tableTypes: ['TABLE'] });
  await session.getTableTypes();
  await session.getColumns({ tableName: '%' });
  await session.getFunctions({ functionName: '%' });
  await session.getPrimaryKeys({ schemaName: 'default', tableName: 'orders' });
  const id: string = session.id;
  return info && id.length > 0 && (await session.close()).isSuccess;
}

export async function statements(session: IDBSQLSession): Promise<number> {
  const named = await session.executeStatement('SELECT :a, :b, :c', {
    namedParameters: { a: 1, b: new Date(), c: new DBSQLParameter({ type: DBSQLParameterType.DECIMAL, value: 1.5 }) },
    queryTimeout: 10,
    useCloudFetch: true,
    useLZ4Compression: false,
    maxRows: null,
  });
  const ordinal = await session.executeStatement('SELECT ?, ?', { ordinalParameters: ['a', null] });
  await session.executeStatement("PUT 'a' INTO '/Volumes/v/a'", { stagingAllowedLocalPath: ['/tmp'] });
  await named.finished({ progress: true, callback: (status) => utils.formatProgress(status.progressUpdateResponse!) });
  const schema = await named.getSchema();
  let rows = schema?.columns.length ?? 0;
  do rows += (await named.fetchChunk({ maxRows: 100 })).length;
  while (await named.hasMoreRows());
  for await (const row of ordinal.iterateRows({ autoClose: true })) rows += Object.keys(row).length;
  for await (const chunk of ordinal.iterateChunks({ maxRows: 10 })) rows += chunk.length;
  const stream: Readable = named.toNodeStream({ mode: 'rows', streamOptions: { highWaterMark: 1 } });
  stream.destroy();
  const state = (await named.status()).operationState;
  if (state === thrift.TCLIService_types.TOperationState.RUNNING_STATE) await named.cancel();
  return (await named.close()).isSuccess ? rows : -1;
}

export function plumbing(): void {
  client.getConfig().useCloudFetch = false;
  client.on('error', (error: Error) => console.error(error));
  client.getLogger().log(LogLevel.info, 'message');
  const connection = new connections.HttpConnection({ ...where, port: 443, https: true }, client);
  void connection.getAgent();
  void client.getDriver().then((driver) => driver.getDelegationToken);
}

/** An application may go further. */
export class OwnClient extends DBSQLClient {
  override async openSession(...args: Parameters<DBSQLClient['openSession']>): Promise<IDBSQLSession> {
    return super.openSession(...args);
  }
}
