import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import sinon from 'sinon';
import { connectTo, query, type Session } from './support/application';
import { Surprises } from './support/surprises';
import { startFreshWorkspace } from './support/workspace';

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** The driver's own class of a session, whatever stands between it and the object. */
function driverClassOf(session: IDBSQLSession): Methods {
  const own = (session.constructor as { prototype: unknown }).prototype;
  return own as Methods;
}

describe('an application whose tests and tools put their own methods in the place of the driver’s', () => {
  const surprises = new Surprises();
  let workspace: LocalWorkspace;
  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => surprises.start());
  afterEach(() => {
    sinon.restore();
    surprises.stop();
    expect(surprises.seen).to.deep.equal([]);
  });
  after(() => workspace.close());

  for (const [what, returned] of [
    ['nothing', undefined],
    ['no promise', { rows: [] }],
    ['a promise of something else', Promise.resolve('fake')],
    ['a promise of its own kind', { then: (onFulfilled: (value: unknown) => unknown) => onFulfilled('fake') }],
  ] as const) {
    it(`has its method called also after the first session, and gets what that returns: ${what}`, async () => {
      const client = await connectTo(workspace);
      const session: Session = await client.openSession();
      await query(session);
      const fake = sinon.stub(driverClassOf(session), 'executeStatement').returns(returned);
      const found: unknown = await session.executeStatement('SELECT 2');
      sinon.assert.calledOnceWithExactly(fake, 'SELECT 2');
      expect(found).to.equal(await (returned as unknown));
      fake.restore();
      await query(session);
      await client.close();
      const stats = client.getTelemetryStats();
      expect(stats).to.deep.include({ pending: 0, inFlightStatements: 0 });
      expect(stats?.delivered).to.equal(stats?.collected);
    });
  }

  it('gets what its method throws', async () => {
    const client = await connectTo(workspace);
    const session: Session = await client.openSession();
    sinon.stub(driverClassOf(session), 'executeStatement').throws(new RangeError('of the application'));
    expect(() => void session.executeStatement('SELECT 2')).to.throw(RangeError, 'of the application');
    await client.close();
    expect(client.getTelemetryStats()).to.deep.include({ pending: 0, inFlightStatements: 0 });
  });
});
