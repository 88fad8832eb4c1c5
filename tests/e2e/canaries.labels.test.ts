import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, TelemetryEventType, type ConnectionOptions } from 'databricks-sql-telemetry';
import { KeepingLogger, query, type Session } from './support/application';
import { Canaries } from './support/Canaries';
import { receivedBytes } from './support/receivedBytes';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const CALM = { telemetryMaxRetries: 0, telemetryCloseTimeoutMs: 1000 };

describe('canaries: no label that somebody else has chosen carries a credential', () => {
  let workspace: LocalWorkspace;
  let canaries: Canaries;
  beforeEach(async () => {
    canaries = new Canaries();
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.close());

  /** An error whose name, code, class and text hold a credential each. */
  function leaky(where: string): Error {
    const labels = Object.fromEntries(
      ['name', 'code', 'errorCode', 'type', 'errno', 'sqlState'].map((label) => [
        label,
        `dapi${canaries.plant(`${label} of ${where}`)}`,
      ]),
    );
    return Object.assign(new Error(canaries.plant(`text of ${where}`)), labels);
  }

  /** Works with `options`; looks for canaries in all that is sent, told and logged. */
  async function run(
    options: Partial<ConnectionOptions>,
    work: (session: Session) => Promise<unknown> = query,
    prepare: (client: DBSQLClient) => void = () => undefined,
  ): Promise<DBSQLClient> {
    const logger = new KeepingLogger();
    const client = new DBSQLClient({ logger, ...CALM });
    prepare(client);
    const all = { ...workspace.connectionOptions, telemetryEnabled: true, ...options } as ConnectionOptions;
    await client.connect(all);
    const session = await client.openSession();
    await work(session);
    await client.flushTelemetry({ deadlineMs: 5000 });
    const told: unknown[] = [client.getTelemetryStats(), client.explainTelemetry()];
    // The driver asks for credentials once more.
    await rejectionOf(client.close());
    told.push(client.getTelemetryStats(), client.explainTelemetry());
    expect(canaries.foundIn(JSON.stringify(told) + inspect(told, { depth: 9, showHidden: true }))).to.deep.equal([]);
    expect(canaries.foundIn(logger.telemetry.map(({ message }) => message).join('\n'))).to.deep.equal([]);
    expect(canaries.foundIn(receivedBytes(workspace, ['authorization']))).to.deep.equal([]);
    return client;
  }

  it('of an exporter of the application that fails', async () => {
    const fails = (): never => {
      throw leaky('the exporter');
    };
    const name = `dapi${canaries.plant('name of the exporter')}`;
    const client = await run({ telemetryExporters: [{ name, export: fails, close: fails }] });
    expect(client.explainTelemetry().exporters[0]?.lastError).to.deep.equal({ name: 'Error' });
  });

  it('of a listener, a callback and a dry run that fail', async () => {
    const fails = (): never => {
      throw leaky('a callback');
    };
    const options = { onSlowStatement: fails, telemetrySlowStatementMs: 1, telemetryDryRun: fails };
    await run(
      options,
      query,
      ({ telemetryEvents }) => void telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, fails),
    );
  });

  it('of credentials that cannot be had', async () => {
    let isOver = false;
    const authenticate = async (): Promise<Record<string, string>> => {
      if (isOver) throw leaky('the credentials');
      return { Authorization: `Bearer ${workspace.token}` };
    };
    const options = { token: undefined, authType: 'custom', provider: { authenticate } };
    await run(options as never, async (session) => {
      await query(session);
      isOver = true;
    });
  });

  it('of an error that the application’s own code throws inside a statement', async () => {
    await run({}, async (session) => {
      const operation = await session.executeStatement('SELECT 1');
      Object.defineProperty(operation, 'fetchChunk', { value: () => Promise.reject(leaky('a fetch')) });
      expect(await rejectionOf(operation.fetchAll())).to.be.instanceOf(Error);
      await operation.close();
    });
  });

  it('which would be found: the canaries are looked for in every encoding', () => {
    const error = leaky('an error');
    expect(canaries.foundIn(error.name)).to.deep.equal(['name of an error']);
  });
});
