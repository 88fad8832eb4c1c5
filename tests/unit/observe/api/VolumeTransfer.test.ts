import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hookSession } from '../../../../lib/observe/api/sessionHooks';
import { submitAnswered } from '../../../../lib/observe/statement/progress';
import { TelemetryEventType, type StatementSummary } from '../../../../lib/telemetry/types';
import { until } from '../../../e2e/support/waiting';
import { ObservedConnection } from '../../.stubs/observedConnection';

const SESSION_ID = 'session-1';
const ALLOWED = { stagingAllowedLocalPath: tmpdir() };

interface Plan {
  readonly id: string;
  readonly rows: unknown;
  transfer(): Promise<void>;
}

/** As the driver does it: the server's instruction is read and carried out inside the call that submits. */
class DriverSession {
  readonly id = SESSION_ID;
  readonly plans: Plan[] = [];

  constructor(private readonly connection: ObservedConnection) {}

  async executeStatement(text: string, _options?: object): Promise<unknown> {
    const plan = this.plans.shift();
    const statement = this.connection.observer.calls.claim(SESSION_ID, 'executeStatement', text);
    if (statement !== undefined) {
      statement.statementId = plan?.id;
      submitAnswered(statement, performance.now(), true, undefined);
      statement.statementType = 'VOLUME';
    }
    const operation = { id: plan?.id, fetchAll: async () => plan?.rows };
    return this.handleStagingOperation(Object.create(operation) as typeof operation, plan);
  }

  async handleStagingOperation(operation: { fetchAll(): Promise<unknown> }, plan?: Plan): Promise<unknown> {
    await operation.fetchAll();
    await plan?.transfer();
    return operation;
  }
}

describe('a transfer between a volume and a local file', () => {
  let connection: ObservedConnection;
  let session: DriverSession;
  let folder: string;
  let localFile: string;

  beforeEach(async () => {
    connection = new ObservedConnection();
    session = new DriverSession(connection);
    hookSession(session as unknown as IDBSQLSession, connection.observer);
    folder = await mkdtemp(join(tmpdir(), 'transfer-'));
    localFile = join(folder, 'file');
  });

  afterEach(() => rm(folder, { recursive: true }));

  const plan = (operation: unknown, transfer = async (): Promise<void> => undefined, id = 'statement-1'): Plan => ({
    id,
    rows: [{ operation, localFile }],
    transfer,
  });

  async function ended(count = 1): Promise<StatementSummary[]> {
    const events = () => connection.eventsOf(TelemetryEventType.STATEMENT_COMPLETE);
    await until('the statements have ended', () => events().length === count);
    return events().flatMap(({ summary }) => summary ?? []);
  }

  for (const operation of ['PUT', 'GET'] as const) {
    it(`has the size of what was transferred, and its time: ${operation}`, async () => {
      session.plans.push(plan(operation, () => writeFile(localFile, 'x'.repeat(1234))));
      await session.executeStatement('text', ALLOWED);
      const [row] = await ended();
      expect(row).to.include({ outcome: 'delivered', volumeOperation: operation, volumeBytes: 1234 });
      expect(row?.volumeTransferLatencyMs).to.be.within(0, 10_000);
    }).retries(2); // It measures time.
  }

  it('has no size where nothing is transferred, or where the file is gone', async () => {
    session.plans.push(
      plan('REMOVE', () => writeFile(localFile, 'kept')),
      plan('GET', async () => undefined),
    );
    await session.executeStatement('remove', ALLOWED);
    await rm(localFile);
    await session.executeStatement('get', ALLOWED);
    const rows = await ended(2);
    expect(rows.map(({ volumeOperation }) => volumeOperation)).to.deep.equal(['DELETE', 'GET']);
    expect(rows.map(({ volumeBytes }) => volumeBytes)).to.deep.equal([undefined, undefined]);
  });

  it('has neither size nor time when it failed', async () => {
    const failure = new Error('of the store');
    session.plans.push(plan('PUT', () => Promise.reject(failure)));
    expect(await session.executeStatement('text', ALLOWED).catch((thrown: unknown) => thrown)).to.equal(failure);
    expect((await ended())[0]).to.include({
      outcome: 'failed',
      volumeOperation: 'PUT',
      volumeBytes: undefined,
      volumeTransferLatencyMs: undefined,
    });
  });

  it('belongs to its own statement, however many there are at once', async () => {
    const other = join(folder, 'other');
    await writeFile(other, 'x');
    session.plans.push(
      plan('PUT', () => writeFile(localFile, 'long'), 'statement-1'),
      { id: 'statement-2', rows: [{ operation: 'PUT', localFile: other }], transfer: async () => undefined },
    );
    await Promise.all([session.executeStatement('text', ALLOWED), session.executeStatement('text', ALLOWED)]);
    const rows = await ended(2);
    expect(Object.fromEntries(rows.map((row) => [row.statementId, row.volumeBytes]))).to.deep.equal({
      'statement-1': 4,
      'statement-2': 1,
    });
  });

  for (const rows of [undefined, null, [], [null], [{}], ['text'], [{ operation: 'LIST', localFile: 7 }]]) {
    it(`passes on an instruction that it cannot read: ${JSON.stringify(rows)}`, async () => {
      session.plans.push({ id: 'statement-1', rows, transfer: async () => undefined });
      await session.executeStatement('text', ALLOWED);
      expect((await ended())[0]).to.include({ volumeOperation: undefined, volumeBytes: undefined });
      expect(connection.context.lines).to.deep.equal([]);
    });
  }

  it('of a statement that opted out is not looked at', async () => {
    session.plans.push(plan('PUT', () => writeFile(localFile, 'x')));
    await session.executeStatement('text', { ...ALLOWED, telemetryObserve: false });
    expect(connection.events).to.deep.equal([]);
  });
});
