import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  TelemetryEventType,
  type ConnectionOptions,
  type DBSQLClient,
  type ExportedRecord,
} from 'databricks-sql-telemetry';
import { connectTo, query } from './support/application';
import { sessionRows, statementRows } from './support/telemetry';
import { until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 1500 };

describe('sessions that are open while their client is connected anew', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  const reconnect = (client: DBSQLClient, options: Partial<ConnectionOptions> = {}): Promise<unknown> =>
    client.connect({
      ...workspace.connectionOptions,
      telemetryEnabled: true,
      ...FAST,
      ...options,
    } as ConnectionOptions);

  it('go on in the new connection: one row for each statement, and one for the close of each', async () => {
    const client = await connectTo(workspace, FAST);
    const session = await client.openSession();
    await query(session, 'SELECT 1');
    for (const sql of ['SELECT 2', 'SELECT 3']) {
      await reconnect(client);
      await query(session, sql);
    }
    await session.close();
    await client.close();
    expect(statementRows(workspace).map(({ sql_statement_id: id }) => id)).to.have.members(
      workspace.received.statements().map(({ statementId }) => statementId),
    );
    expect(sessionRows(workspace, 'CREATE_SESSION').length).to.equal(1);
    expect(sessionRows(workspace, 'DELETE_SESSION').map(({ session_id: id }) => id)).to.deep.equal([session.id]);
  });

  it('leave what is in flight as abandoned, to every receiver, although others still use the host', async () => {
    const records: ExportedRecord[] = [];
    const telemetryExporters = [new CallbackExporter((record) => void records.push(record))];
    const other = await connectTo(workspace, { ...FAST, telemetryExporters });
    const client = await connectTo(workspace, { ...FAST, telemetryExporters });
    const operation = await (await client.openSession()).executeStatement('SELECT 1', { maxRows: null });
    await reconnect(client);
    await until('the statement is in both places', () => {
      const isExported = records.some((record) => record.kind === 'statement' && record.outcome === 'abandoned');
      return isExported && statementRows(workspace, operation.id).length > 0;
    });
    expect(other.getTelemetryStats()?.inFlightStatements).to.equal(0);
    await operation.close();
    await Promise.all([client.close(), other.close()]);
    expect(statementRows(workspace).length).to.equal(1);
  });

  it('stay kept from the workspace where they, or the new connection, opted out', async () => {
    const client = await connectTo(workspace, FAST);
    const quiet = await client.openSession({ telemetryEnabled: false });
    const loud = await client.openSession();
    client.telemetryEvents.on(TelemetryEventType.STATEMENT_START, () => undefined);
    await reconnect(client);
    await query(quiet);
    await reconnect(client, { telemetryEnabled: false });
    await query(loud);
    await client.close();
    expect(statementRows(workspace)).to.deep.equal([]);
  });

  it('work although the application has sealed them', async () => {
    const client = await connectTo(workspace, FAST);
    const session = Object.seal(await client.openSession());
    await reconnect(client);
    await query(session);
    await query(await client.openSession());
    await client.close();
    expect(statementRows(workspace).length).to.equal(1);
  });
});
