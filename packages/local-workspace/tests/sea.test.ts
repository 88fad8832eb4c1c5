import { expect } from 'chai';
import { startLocalWorkspace } from '../lib';
import { RestClient } from './rest';
import { ARROW, LINKS, Sea } from './sea';

describe('statements of the Statement Execution API', () => {
  let sea: Sea;
  before(async () => {
    sea = await Sea.start();
  });
  after(() => sea.workspace.close());

  describe('waiting', () => {
    it('answers at once with wait_timeout 0s, and tells how it goes when asked', async () => {
      const first = await sea.rest.execute('SELECT sleep(2) AS s', { wait_timeout: '0s' });
      expect(first.status).to.deep.equal({ state: 'PENDING' });
      expect(first).to.not.have.property('manifest');
      expect((await sea.rest.get(first.statement_id)).status.state).to.equal('RUNNING');
      const early = await sea.rest.call('GET', `statements/${first.statement_id}/result/chunks/0`);
      expect(early.status).to.equal(400);
      const { status, result } = await sea.rest.finished(first.statement_id);
      expect([status.state, result?.data_array]).to.deep.equal(['SUCCEEDED', [['0']]]);
      expect(sea.record(first.statement_id).polls).to.be.at.least(2);
    });

    it('ends a statement at the longest time that the workspace allows', async () => {
      const limited = await startLocalWorkspace({ limits: { statementMs: 300 } });
      try {
        const answer = await new RestClient(limited).execute('SELECT sleep(20) AS s');
        expect(answer.status.state).to.equal('FAILED');
        expect(answer.status.error?.message).to.include('timed out');
      } finally {
        await limited.close();
      }
    });

    it('keeps the query tags of a statement on its record, as Thrift does', async () => {
      const tags = [{ key: 'team', value: 'a:b,c' }, { key: 'dev' }];
      const { statement_id } = await sea.rest.execute('SELECT 1', { query_tags: tags });
      expect(sea.record(statement_id).queryTags).to.equal('team:a\\:b\\,c,dev');
      expect(await sea.refusal({ statement: 'SELECT 1', query_tags: 'team:a' })).to.deep.include(400);
    });

    it("compiles a statement by Spark's types, and knows no function of the engine beneath", async () => {
      const compiled = await sea.rest.execute("SELECT 7 DIV 2 AS q, 1 / 4 AS r, element_at(map('a', 1), 'a') AS m");
      expect(compiled.result?.data_array).to.deep.equal([['3', '0.25', '1']]);
      const refused = await sea.rest.execute('SELECT duckdb_functions()');
      expect(refused.status.state).to.equal('FAILED');
      expect(refused.status.error?.message).to.include('42883');
    });

    it('ends a statement at its wait_timeout when told to', async function () {
      this.timeout(15_000);
      const { status, statement_id } = await sea.rest.execute('SELECT sleep(60)', {
        wait_timeout: '5s',
        on_wait_timeout: 'CANCEL',
      });
      expect(status).to.deep.equal({ state: 'CANCELED' });
      expect(sea.record(statement_id).outcome).to.equal('cancelled');
    });

    it('cancels and closes', async () => {
      const running = await sea.rest.execute('SELECT count(*) FROM range(1000000000) a, range(1000) b', {
        wait_timeout: '0s',
      });
      expect((await sea.rest.call('POST', `statements/${running.statement_id}/cancel`, {})).json()).to.deep.equal({});
      expect((await sea.rest.get(running.statement_id)).status.state).to.equal('CANCELED');
      expect((await sea.rest.call('DELETE', `statements/${running.statement_id}`)).status).to.equal(200);
      const gone = await sea.rest.call('GET', `statements/${running.statement_id}`);
      expect([gone.status, gone.json()['error_code']]).to.deep.equal([404, 'NOT_FOUND']);
      expect(sea.record(running.statement_id)).to.include({ outcome: 'cancelled', closedBy: 'client' });
    });

    it('lets downloads of a closed statement end well, and takes its files away with its session', async () => {
      const session_id = await sea.rest.openSession();
      const { statement_id, result } = await sea.rest.execute('SELECT 1', { ...LINKS, session_id });
      const link = result?.external_links?.[0]?.external_link ?? '';
      await sea.rest.call('DELETE', `statements/${statement_id}`);
      expect((await sea.rest.download(link)).status).to.equal(200);
      await sea.rest.call('DELETE', `sessions/${session_id}`);
      expect((await sea.rest.download(link)).status).to.equal(404);
    });
  });

  describe('parameters', () => {
    it('are bound by name with their types, NULL without a value', async () => {
      const { result } = await sea.rest.execute(`SELECT :i + 1, :d, typeof(:d), :day, :s, :n IS NULL, :m, :b`, {
        parameters: [
          { name: 'i', value: '41', type: 'INT' },
          { name: 'd', value: '1.50', type: 'DECIMAL(10,2)' },
          { name: 'day', value: '2024-02-29', type: 'DATE' },
          { name: 's', value: "it's" },
          { name: 'n', type: 'STRING' },
          { name: 'm', value: '1-2', type: 'INTERVAL YEAR TO MONTH' },
          { name: 'b', value: 'true', type: 'BOOLEAN' },
        ],
      });
      expect(result?.data_array?.[0]).to.deep.equal([
        '42',
        '1.50',
        'decimal(10,2)',
        '2024-02-29',
        "it's",
        'true',
        '1-2',
        'true',
      ]);
    });

    it('are bound by place, in the order of their ordinals', async () => {
      const { result } = await sea.rest.execute('SELECT ?, ?', {
        parameters: [
          { ordinal: 2, value: 'b' },
          { ordinal: 1, value: 'a' },
        ],
      });
      expect(result?.data_array).to.deep.equal([['a', 'b']]);
    });

    it('that are missing or malformed fail the statement with their SQLSTATE', async () => {
      expect((await sea.rest.execute('SELECT :x')).status.sql_state).to.equal('42P02');
      const parameters = [{ name: 'x', value: 'abc', type: 'INT' }];
      expect((await sea.rest.execute('SELECT :x', { parameters })).status.sql_state).to.equal('22018');
    });
  });

  describe('faults', () => {
    afterEach(() => sea.workspace.faults.clear());

    it('hit one call of the API by its name', async () => {
      const fault = sea.workspace.faults.add({ route: 'sea', rpc: 'GetStatement', status: 503, times: 1 });
      const { statement_id } = await sea.rest.execute('SELECT 1');
      expect((await sea.rest.call('GET', `statements/${statement_id}`)).status).to.equal(503);
      expect((await sea.rest.get(statement_id)).status.state).to.equal('SUCCEEDED');
      expect(fault.hits).to.equal(1);
      const [faulted] = sea.workspace.received.requests({ rpc: 'GetStatement' }).filter((request) => request.faulted);
      expect(faulted).to.include({ route: 'sea', status: 503, tenant: 'default' });
    });

    it('fail a statement, or refuse any other call', async () => {
      sea.workspace.faults.add({ route: 'sea', error: { message: '[BOOM] no', sqlState: '58030' } });
      const { status } = await sea.rest.execute('SELECT 1');
      expect(status).to.deep.equal({
        state: 'FAILED',
        error: { error_code: 'BAD_REQUEST', message: '[BOOM] no' },
        sql_state: '58030',
      });
      expect((await sea.rest.call('POST', 'sessions', {})).json()).to.deep.equal({
        error_code: 'BAD_REQUEST',
        message: '[BOOM] no',
      });
    });

    it('hand out links that have expired, and a new link works', async () => {
      sea.workspace.faults.add({ rpc: 'ExecuteStatement', expireLinks: true, times: 1 });
      const { statement_id, result } = await sea.rest.execute('SELECT 1', { ...LINKS, ...ARROW });
      expect((await sea.rest.download(result?.external_links?.[0]?.external_link ?? '')).status).to.equal(403);
      const again = await sea.rest.chunk(statement_id, 0);
      expect((await sea.rest.download(again.external_links?.[0]?.external_link ?? '')).status).to.equal(200);
    });
  });
});
