import { expect } from 'chai';
import { RestClient, type StatementAnswer } from './rest';
import { LINKS, Sea } from './sea';

describe('requests of the Statement Execution API', () => {
  let sea: Sea;
  before(async () => {
    sea = await Sea.start();
  });
  after(() => sea.workspace.close());

  describe('errors', () => {
    it('of a statement come with code, message and SQLSTATE', async () => {
      const { status } = await sea.rest.execute('SELECT * FROM nowhere');
      expect(status).to.include({ state: 'FAILED', sql_state: '42P01' });
      expect(status.error).to.include({ error_code: 'BAD_REQUEST' });
      expect(status.error?.message).to.match(/^\[TABLE_OR_VIEW_NOT_FOUND\].*SQLSTATE: 42P01$/s);
      const late = await sea.rest.execute('SELECT 1 / (id - 50000) FROM range(100000)', LINKS);
      expect(late.status).to.include({ state: 'FAILED', sql_state: '22012' });
    });

    it('of a request name the field', async () => {
      const warehouse_id = sea.workspace.warehouseId;
      const statement = 'SELECT 1';
      expect(await sea.refusal({ statement })).to.deep.equal([
        400,
        'INVALID_PARAMETER_VALUE',
        'warehouse_id is missing.',
      ]);
      expect((await sea.refusal({ statement, warehouse_id: 'other' })).slice(0, 2)).to.deep.equal([
        404,
        'RESOURCE_DOES_NOT_EXIST',
      ]);
      expect((await sea.refusal('{')).slice(0, 2)).to.deep.equal([400, 'MALFORMED_REQUEST']);
      const wrong: [object, string][] = [
        [{}, 'statement'],
        [{ statement: 5 }, 'statement'],
        [{ statement, wait_timeout: '4s' }, 'wait_timeout'],
        [{ statement, wait_timeout: '51s' }, 'wait_timeout'],
        [{ statement, wait_timeout: 10 }, 'wait_timeout'],
        [{ statement, on_wait_timeout: 'STOP' }, 'on_wait_timeout'],
        [{ statement, format: 'XML' }, 'format'],
        [{ statement, format: 'CSV' }, 'CSV'],
        [{ statement, disposition: 'OUTLINE' }, 'disposition'],
        [{ statement, row_limit: -1 }, 'row_limit'],
        [{ statement, byte_limit: 'x' }, 'byte_limit'],
        [{ statement, result_compression: 'ZSTD' }, 'result_compression'],
        [{ statement, parameters: {} }, 'parameters'],
        [{ statement, parameters: [1] }, 'parameters[0]'],
        [{ statement, parameters: [{ name: 'x', value: {} }] }, 'parameters[0].value'],
      ];
      for (const [body, field] of wrong) {
        const [status, code, message] = await sea.refusal({ warehouse_id, ...body });
        expect([status, code], field).to.deep.equal([400, 'INVALID_PARAMETER_VALUE']);
        expect(message).to.contain(field);
      }
    });

    it('come for any body at all, and leave the workspace as it was', async () => {
      const whole = JSON.stringify({
        warehouse_id: sea.workspace.warehouseId,
        statement: 'SELECT :x',
        parameters: [{ name: 'x', value: '1', type: 'INT', ordinal: 1 }],
        wait_timeout: '5s',
        row_limit: 10,
      });
      const mutations = ['', '{', '[', '"', 'null', '-1', '1e999', '\u0000', '{}', '[[]]', 'true'];
      const statuses = new Set<number>();
      for (let at = 1; at < whole.length; at += 7) {
        const body = whole.slice(0, at) + (mutations[at % mutations.length] ?? '') + whole.slice(at + (at % 3));
        statuses.add((await sea.rest.call('POST', 'statements', body)).status);
        statuses.add((await sea.rest.call('POST', 'sessions', body)).status);
      }
      expect([...statuses].filter((status) => ![200, 400, 404].includes(status))).to.deep.equal([]);
      expect((await sea.rest.execute('SELECT 1')).result?.data_array).to.deep.equal([['1']]);
    });

    it('of credentials and paths are those of the REST API', async () => {
      const stranger = new RestClient(sea.workspace, 'none');
      expect((await stranger.call('POST', 'statements', {})).status).to.equal(401);
      expect((await sea.rest.call('PUT', 'statements', {})).json()['error_code']).to.equal('ENDPOINT_NOT_FOUND');
      expect((await sea.rest.call('POST', 'statements/x/y', {})).status).to.equal(404);
    });
  });

  describe('sessions', () => {
    it('keep catalog, schema, settings and temporary views between statements', async () => {
      const session_id = await sea.rest.openSession({ catalog: 'samples', session_confs: { 'some.key': 'v' } });
      await sea.rest.execute('CREATE TEMPORARY VIEW mine AS SELECT 7 AS x', { session_id });
      const { result } = await sea.rest.execute('SELECT current_catalog(), x FROM mine', { session_id });
      expect(result?.data_array).to.deep.equal([['samples', '7']]);
      const setting = await sea.rest.execute('SET some.key', { session_id });
      expect(setting.result?.data_array).to.deep.equal([['some.key', 'v']]);
      const [opened] = sea.workspace.received.sessions().filter(({ sessionId }) => sessionId === session_id);
      expect(opened).to.deep.include({ protocol: 'sea', configuration: { 'some.key': 'v' } });
      expect((await sea.rest.call('DELETE', `sessions/${session_id}?warehouse_id=x`)).status).to.equal(200);
      expect(opened?.closedAt).to.be.a('number');
      const body = { warehouse_id: sea.workspace.warehouseId, statement: 'SELECT 1', session_id };
      expect((await sea.refusal(body)).slice(0, 2)).to.deep.equal([404, 'NOT_FOUND']);
    });

    it('are not needed: a statement brings its own catalog and schema', async () => {
      const { result } = await sea.rest.execute('SELECT current_catalog(), current_schema()', { catalog: 'samples' });
      expect(result?.data_array).to.deep.equal([['samples', 'default']]);
      const { status } = await sea.rest.execute('SELECT 1', { catalog: 'nowhere' });
      expect(status.error?.message).to.contain('NO_SUCH_CATALOG_EXCEPTION');
      const answer = await sea.rest.call('POST', 'sessions', {
        warehouse_id: sea.workspace.warehouseId,
        catalog: 'none',
      });
      expect([answer.status, answer.json()['message']]).to.satisfy(
        ([status, message]: [number, string]) => status === 400 && message.includes('NO_SUCH_CATALOG_EXCEPTION'),
      );
    });

    it('end their statements at the STATEMENT_TIMEOUT that is set in them', async () => {
      const session_id = await sea.rest.openSession({ session_confs: { STATEMENT_TIMEOUT: '1' } });
      const { status, statement_id } = await sea.rest.execute('SELECT sleep(30)', { session_id });
      expect(status).to.include({ state: 'FAILED', sql_state: '57KD0' });
      expect(status.error?.error_code).to.equal('DEADLINE_EXCEEDED');
      expect(sea.record(statement_id).outcome).to.equal('timed-out');
    });

    it('can be named in the path, with their warehouse, as the driver for JDBC does', async () => {
      const base = `warehouses/${sea.workspace.warehouseId}/sessions`;
      const opened = (await sea.rest.call('POST', base, { catalog: 'samples' })).json();
      const session = `${base}/${String(opened['session_id'])}`;
      const statement = 'SELECT current_catalog()';
      const first = (
        await sea.rest.call('POST', `${session}/statements`, { statement })
      ).json() as unknown as StatementAnswer;
      expect(first.result?.data_array).to.deep.equal([['samples']]);
      const again = (await sea.rest.call('GET', `${session}/statements/${first.statement_id}`)).json();
      expect(again['status']).to.deep.equal({ state: 'SUCCEEDED' });
      const status = (await sea.rest.call('GET', `statements/${first.statement_id}/status`)).json();
      expect(status).to.deep.equal({ statement_id: first.statement_id, status: { state: 'SUCCEEDED' } });
      expect((await sea.rest.call('DELETE', `${session}/statements/${first.statement_id}`)).status).to.equal(200);
      expect((await sea.rest.call('DELETE', session)).status).to.equal(200);
      expect((await sea.rest.call('POST', 'warehouses/other/sessions', {})).status).to.equal(404);
    });

    it('and statements are visible to their own tenant only', async () => {
      const other = new RestClient(sea.workspace, 'two');
      const session_id = await sea.rest.openSession();
      const { statement_id } = await sea.rest.execute('SELECT 1', { session_id });
      expect((await other.call('GET', `statements/${statement_id}`)).status).to.equal(404);
      expect((await other.call('GET', `statements/${statement_id}/result/chunks/0`)).status).to.equal(404);
      expect((await other.call('POST', `statements/${statement_id}/cancel`)).status).to.equal(404);
      expect((await other.call('DELETE', `statements/${statement_id}`)).status).to.equal(404);
      expect((await other.call('DELETE', `sessions/${session_id}`)).status).to.equal(404);
      const body = { warehouse_id: sea.workspace.warehouseId, statement: 'SELECT 1', session_id };
      expect((await other.call('POST', 'statements', body)).status).to.equal(404);
      expect(sea.record(statement_id)).to.include({ protocol: 'sea', tenant: 'default', closedBy: undefined });
    });
  });
});
