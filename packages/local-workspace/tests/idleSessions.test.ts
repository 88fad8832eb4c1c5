import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

const IDLE_MS = 1000;

describe('idle sessions', function () {
  this.timeout(40_000);

  describe('over Thrift', () => {
    let it_: Harness;
    beforeEach(async () => {
      it_ = await harness({ sessionIdleMs: IDLE_MS });
    });
    afterEach(() => it_.close());

    it('a session that no call speaks of is closed, and its handle is invalid from then on', async () => {
      await it_.rows('SELECT 1');
      await delay(IDLE_MS * 2);
      expect((await it_.failure('SELECT 1')).message).to.contain('Invalid SessionHandle');
      const [closed] = it_.workspace.received.sessions();
      expect(closed?.closedAt).to.be.a('number');
    });

    it('a session is kept by the calls in it, and by its statement that is running', async () => {
      for (let i = 0; i < 4; i++) {
        await delay(IDLE_MS / 2);
        await it_.rows('SELECT 1');
      }
      const operation = await it_.session.executeStatement(`SELECT sleep(${(IDLE_MS * 3) / 1000})`);
      await operation.fetchAll();
      expect(await it_.rows('SELECT 2 AS two')).to.deep.equal([{ two: 2 }]);
    });

    it('a running statement that nobody asks about keeps its session', async () => {
      const sleeping = `SELECT sleep(${(IDLE_MS * 3) / 1000})`;
      await it_.session.executeStatement(sleeping, { runAsync: true });
      await delay(IDLE_MS * 3);
      expect(it_.workspace.received.statements()[0]?.outcome).to.be.oneOf(['running', 'succeeded']);
      expect(await it_.rows('SELECT 2 AS two')).to.deep.equal([{ two: 2 }]);
    });
  });

  describe('over the Statement Execution API', () => {
    let workspace: LocalWorkspace;
    let rest: RestClient;
    before(async () => {
      workspace = await startLocalWorkspace({ sessionIdleMs: IDLE_MS });
      rest = new RestClient(workspace);
    });
    after(() => workspace.close());

    it('a session is not found when it was idle for too long, and is kept by its calls', async () => {
      const session_id = await rest.openSession();
      for (let i = 0; i < 3; i++) {
        await delay(IDLE_MS / 2);
        await rest.execute('SELECT 1', { session_id });
      }
      await delay(IDLE_MS * 2);
      const answer = await rest.call('POST', 'statements', {
        warehouse_id: workspace.warehouseId,
        statement: 'SELECT 1',
        session_id,
      });
      expect([answer.status, answer.json()['error_code']]).to.deep.equal([404, 'NOT_FOUND']);
    });

    it('the result of a statement without a session can be fetched later than that', async () => {
      const { statement_id } = await rest.execute('SELECT 1');
      await delay(IDLE_MS * 2);
      expect((await rest.call('GET', `statements/${String(statement_id)}`)).status).to.equal(200);
    });
  });
});
