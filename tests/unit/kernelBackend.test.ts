import { expect } from 'chai';
import DBSQLSession from '@databricks/sql/dist/DBSQLSession';
import { hookSession } from '../../lib/observe/api/sessionHooks';
import { TelemetryEventType } from '../../lib/telemetry/types';
import { ObservedConnection } from './.stubs/observedConnection';
import { PagedBackend, sessionOf } from './.stubs/PagedBackend';

/** A session of the driver on a backend without the wire seam, as the kernel's is. */
function sessionOn(backend: PagedBackend): { session: DBSQLSession; connection: ObservedConnection } {
  const connection = new ObservedConnection();
  const context = connection.context as unknown as ConstructorParameters<typeof DBSQLSession>[0]['context'];
  const session = new DBSQLSession({ backend: sessionOf(backend), context });
  hookSession(session, connection.observer);
  return { session, connection };
}

function rowsOf(connection: ObservedConnection) {
  return connection
    .eventsOf(TelemetryEventType.STATEMENT_COMPLETE)
    .map(({ summary }) => [summary?.statementId, summary?.outcome, summary?.rowCount]);
}

describe('a backend that does not use the wire seam', () => {
  it('gives a statement its id, rows and outcome from the calls alone', async () => {
    const { session, connection } = sessionOn(new PagedBackend('statement-1', [2, 3]));
    const operation = await session.executeStatement('SELECT 1');
    expect((await operation.fetchAll()).length).to.equal(5);
    await operation.close();
    expect(rowsOf(connection)).to.deep.equal([['statement-1', 'delivered', 5]]);
    const [event] = connection.eventsOf(TelemetryEventType.STATEMENT_COMPLETE);
    expect(event?.summary?.resultReadyLatencyMs).to.be.a('number');
    expect(event?.summary?.resultConsumptionLatencyMs).to.be.a('number');
  });

  it('reports a statement that is closed unread', async () => {
    const { session, connection } = sessionOn(new PagedBackend('statement-2', [2]));
    await (await session.executeStatement('SELECT 1')).close();
    expect(rowsOf(connection)).to.deep.equal([['statement-2', 'closed_unfetched', 0]]);
  });

  it('reports a cancelled statement', async () => {
    const { session, connection } = sessionOn(new PagedBackend('statement-3', [2]));
    await (await session.executeStatement('SELECT 1')).cancel();
    expect(rowsOf(connection)).to.deep.equal([['statement-3', 'cancelled', 0]]);
  });

  it('reports a failure once, with its statement', async () => {
    const { session, connection } = sessionOn(new PagedBackend('statement-4', [2], new TypeError('broken')));
    const operation = await session.executeStatement('SELECT 1');
    const thrown = await operation.fetchAll().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(TypeError);
    await operation.close();
    expect(rowsOf(connection)).to.deep.equal([['statement-4', 'failed', 0]]);
    const errors = connection.eventsOf(TelemetryEventType.ERROR);
    expect(errors.map(({ statementId, stage, error }) => [statementId, stage, error.name])).to.deep.equal([
      ['statement-4', 'fetch', 'TypeError'],
    ]);
  });
});
