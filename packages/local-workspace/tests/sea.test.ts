import { tableFromIPC } from 'apache-arrow';
import { expect } from 'chai';
import { decompressFrame } from 'lz4-napi';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { RestClient, type StatementAnswer } from './rest';

const LINKS = { disposition: 'EXTERNAL_LINKS' } as const;
const ARROW = { format: 'ARROW_STREAM' } as const;

describe('Statement Execution API', () => {
  let workspace: LocalWorkspace;
  let rest: RestClient;
  const record = (id: string) => {
    const [found] = workspace.received.statements({ statementId: id });
    if (!found) throw new Error(`no record of ${id}`);
    return found;
  };
  const refusal = async (body: object | string): Promise<[number, unknown, unknown]> => {
    const answer = await rest.call('POST', 'statements', body);
    const { error_code, message } = answer.json();
    return [answer.status, error_code, message];
  };

  before(async () => {
    workspace = await startLocalWorkspace({
      tokens: ['one', 'two'],
      cloudFetch: { maxRowsPerFile: 1000, linksPerFetch: 3 },
    });
    rest = new RestClient(workspace);
  });
  after(() => workspace.close());

  describe('results', () => {
    it('come inline as JSON of strings and nulls, with a manifest, when nothing is said', async () => {
      const answer = await rest.execute(`SELECT concat('id-', id) AS a, id AS b, NULL AS c FROM range(3)`);
      expect(answer.status).to.deep.equal({ state: 'SUCCEEDED' });
      expect(answer.manifest).to.deep.include({ format: 'JSON_ARRAY', total_row_count: 3, total_chunk_count: 1 });
      expect(answer.manifest?.truncated).to.equal(false);
      expect(answer.manifest?.schema).to.deep.equal({
        column_count: 3,
        columns: [
          { name: 'a', type_text: 'STRING', type_name: 'STRING', position: 0 },
          { name: 'b', type_text: 'BIGINT', type_name: 'LONG', position: 1 },
          { name: 'c', type_text: 'VOID', type_name: 'NULL', position: 2 },
        ],
      });
      expect(answer.result).to.deep.include({ chunk_index: 0, row_offset: 0, row_count: 3 });
      expect(answer.result?.data_array).to.deep.equal([
        ['id-0', '0', null],
        ['id-1', '1', null],
        ['id-2', '2', null],
      ]);
    });

    it('write every type as text and name it in the manifest', async () => {
      const types: [sql: string, text: string, name: string, typeText: string, more?: object][] = [
        ['true', 'true', 'BOOLEAN', 'BOOLEAN'],
        ['CAST(1 AS TINYINT)', '1', 'BYTE', 'TINYINT'],
        ['CAST(2 AS SMALLINT)', '2', 'SHORT', 'SMALLINT'],
        ['3', '3', 'INT', 'INT'],
        ['CAST(1.1 AS FLOAT)', '1.1', 'FLOAT', 'FLOAT'],
        ['CAST(1e10 AS DOUBLE)', '1.0E10', 'DOUBLE', 'DOUBLE'],
        ['CAST(2 AS DOUBLE)', '2.0', 'DOUBLE', 'DOUBLE'],
        ['CAST(1.5 AS DECIMAL(10,2))', '1.50', 'DECIMAL', 'DECIMAL(10,2)', { type_precision: 10, type_scale: 2 }],
        ["X'00ff'", 'AP8=', 'BINARY', 'BINARY'],
        ["DATE'2024-02-29'", '2024-02-29', 'DATE', 'DATE'],
        ["TIMESTAMP'2024-02-29 01:02:03.4'", '2024-02-29T01:02:03.400Z', 'TIMESTAMP', 'TIMESTAMP'],
        [
          "CAST('2024-02-29 01:02:03.123456' AS TIMESTAMP_NTZ)",
          '2024-02-29T01:02:03.123456',
          'TIMESTAMP',
          'TIMESTAMP_NTZ',
        ],
        ['array(1, 2)', '[1,2]', 'ARRAY', 'ARRAY<INT>'],
        ["map('k', 1)", '{"k":1}', 'MAP', 'MAP<STRING, INT>'],
        ["named_struct('x', 1, 'y', 'z')", '{"x":1,"y":"z"}', 'STRUCT', 'STRUCT<x: INT, y: STRING>'],
        [
          "INTERVAL '1-2' YEAR TO MONTH",
          '1-2',
          'INTERVAL',
          'INTERVAL YEAR TO MONTH',
          { type_interval_type: 'YEAR TO MONTH' },
        ],
        [
          "INTERVAL '1 02:03:04' DAY TO SECOND",
          '1 02:03:04.000000000',
          'INTERVAL',
          'INTERVAL DAY TO SECOND',
          { type_interval_type: 'DAY TO SECOND' },
        ],
      ];
      const { result, manifest } = await rest.execute(
        `SELECT ${types.map(([sql], i) => `${sql} AS c${i}`).join(', ')}`,
      );
      expect(result?.data_array).to.deep.equal([types.map(([, text]) => text)]);
      expect(manifest?.schema.columns).to.deep.equal(
        types.map(([, , type_name, type_text, more], position) => ({
          name: `c${position}`,
          type_text,
          type_name,
          position,
          ...more,
        })),
      );
    });

    it('come inline as one Arrow stream, LZ4 when asked', async () => {
      const plain = await rest.execute('SELECT id FROM range(5)', ARROW);
      const table = tableFromIPC(Buffer.from(plain.result?.attachment ?? '', 'base64'));
      expect([...(table.getChild('id')?.toArray() as bigint[])].map(Number)).to.deep.equal([0, 1, 2, 3, 4]);
      const packed = await rest.execute('SELECT id FROM range(5)', { ...ARROW, result_compression: 'LZ4_FRAME' });
      expect(packed.manifest?.result_compression).to.equal('LZ4_FRAME');
      const bytes = await decompressFrame(Buffer.from(packed.result?.attachment ?? '', 'base64'));
      expect(tableFromIPC(bytes).numRows).to.equal(5);
      expect(record(plain.statement_id)).to.include({ resultFormat: 'inline-arrow', compressed: false, rows: 5 });
      expect(record(packed.statement_id)).to.include({ resultFormat: 'inline-arrow', compressed: true });
    });

    it('come in chunks that can be fetched in any order and more than once', async () => {
      const { statement_id: id, manifest, result } = await rest.execute('SELECT id FROM range(2500)');
      expect(manifest?.chunks.map(({ row_offset, row_count }) => [row_offset, row_count])).to.deep.equal([
        [0, 1000],
        [1000, 1000],
        [2000, 500],
      ]);
      expect(result).to.include({
        next_chunk_index: 1,
        next_chunk_internal_link: `/api/2.0/sql/statements/${id}/result/chunks/1?row_offset=1000`,
      });
      const last = await rest.chunk(id, 2);
      expect(last)
        .to.include({ chunk_index: 2, row_offset: 2000, row_count: 500 })
        .and.not.have.property('next_chunk_index');
      expect((await rest.chunk(id, 1)).data_array?.[0]).to.deep.equal(['1000']);
      expect((await rest.chunk(id, 1)).data_array?.at(-1)).to.deep.equal(['1999']);
      expect(record(id)).to.include({ resultFormat: 'inline-json', rows: 2500, fetches: 3 });
      const beyond = await rest.call('GET', `statements/${id}/result/chunks/3`);
      expect([beyond.status, beyond.json()['error_code']]).to.deep.equal([400, 'INVALID_PARAMETER_VALUE']);
    });

    it('come as files behind links, some links at a time, without a token', async () => {
      const answer = await rest.execute('SELECT id FROM range(4500)', { ...LINKS, ...ARROW });
      const first = answer.result?.external_links ?? [];
      expect(first.map(({ chunk_index }) => chunk_index)).to.deep.equal([0, 1, 2]);
      const rest_ = (await rest.chunk(answer.statement_id, 3)).external_links ?? [];
      expect(rest_.map(({ next_chunk_index }) => next_chunk_index)).to.deep.equal([4, undefined]);
      let rows = 0;
      for (const { external_link, byte_count, row_count } of [...first, ...rest_]) {
        const { status, body } = await rest.download(external_link);
        expect([status, body.length]).to.deep.equal([200, byte_count]);
        expect(tableFromIPC(body).numRows).to.equal(row_count);
        rows += row_count ?? 0;
      }
      expect(rows).to.equal(4500);
      expect(record(answer.statement_id)).to.include({ resultFormat: 'cloudfetch', filesOffered: 5, rows: 4500 });
      expect(record(answer.statement_id).files.map(({ downloads }) => downloads.length)).to.deep.equal([1, 1, 1, 1, 1]);
    });

    it('come as JSON or CSV files, CSV with one line of names', async () => {
      const sql = `SELECT concat('a', id) AS x, CASE id WHEN 0 THEN 'q"' END AS \`y,z\` FROM range(1001)`;
      const json = await rest.execute(sql, LINKS);
      const [jsonLink] = json.result?.external_links ?? [];
      const rows = JSON.parse((await rest.download(jsonLink?.external_link ?? '')).body.toString()) as unknown[];
      expect(rows.slice(0, 2)).to.deep.equal([
        ['a0', 'q"'],
        ['a1', null],
      ]);
      const csv = await rest.execute(sql, { ...LINKS, format: 'CSV' });
      const files = (csv.result?.external_links ?? []).map(({ external_link }) => rest.download(external_link));
      const [head = '', tail] = (await Promise.all(files)).map(({ body }) => body.toString());
      expect(head.split('\r\n').slice(0, 3)).to.deep.equal(['x,"y,z"', 'a0,"q"""', 'a1,null']);
      expect(tail).to.equal('a1000,null\r\n');
    });

    it('come inline or as links by their size when the client takes both', async () => {
      const either = { ...ARROW, disposition: 'INLINE_OR_EXTERNAL_LINKS' };
      expect((await rest.execute('SELECT 1', either)).result).to.have.property('attachment');
      const large = await rest.execute(`SELECT repeat('x', 200) AS x FROM range(20000)`, either);
      expect(large.result).to.have.property('external_links');
    });

    it('without rows or columns have a manifest and no data', async () => {
      const none = await rest.execute('SELECT id FROM range(0)');
      expect(none.manifest).to.include({ total_chunk_count: 0, total_row_count: 0 });
      expect(none.result).to.deep.equal({});
      const ddl = await rest.execute('CREATE TABLE made (x INT)');
      expect(ddl.manifest?.schema.column_count).to.equal(0);
      const insert = await rest.execute('INSERT INTO made VALUES (1), (2)');
      expect(insert.status).to.deep.equal({ state: 'SUCCEEDED', num_modified_rows: 2 });
    });

    it('end at row_limit and byte_limit, and say whether that cut anything off', async () => {
      const cut = await rest.execute('SELECT id FROM range(10)', { row_limit: 3 });
      expect(cut.manifest).to.include({ truncated: true, total_row_count: 3 });
      expect(cut.result?.data_array).to.deep.equal([['0'], ['1'], ['2']]);
      const whole = await rest.execute('SELECT id FROM range(3)', { row_limit: '3' });
      expect(whole.manifest).to.include({ truncated: false, total_row_count: 3 });
      const bytes = await rest.execute(`SELECT repeat('x', 100) AS x FROM range(100)`, { byte_limit: 1000 });
      expect(bytes.manifest?.truncated).to.equal(true);
      expect(bytes.manifest?.total_row_count).to.be.within(5, 15);
    });

    it('end at byte_limit and row_limit as Arrow and as files, too', async () => {
      const sql = `SELECT repeat('x', 100) AS x FROM range(5000)`;
      for (const wish of [ARROW, LINKS, { ...LINKS, ...ARROW }]) {
        const { manifest } = await rest.execute(sql, { ...wish, byte_limit: 20_000 });
        expect(manifest?.truncated, JSON.stringify(wish)).to.equal(true);
        expect(manifest?.total_row_count, JSON.stringify(wish)).to.be.within(50, 400);
        const rows = await rest.execute(sql, { ...wish, row_limit: 1500 });
        expect(rows.manifest, JSON.stringify(wish)).to.include({ truncated: true, total_row_count: 1500 });
      }
    });

    it('larger than 25 MiB inline fail the statement', async () => {
      const { status } = await rest.execute(`SELECT repeat('x', 1000) AS x FROM range(28000)`);
      expect(status.state).to.equal('FAILED');
      expect(status.error?.message).to.contain('INLINE_BYTE_LIMIT_EXCEEDED');
    });

    it('keep columns of one name apart', async () => {
      const { result } = await rest.execute(`SELECT 1 AS x, 'b' AS x`);
      expect(result?.data_array).to.deep.equal([['1', 'b']]);
    });
  });

  describe('waiting', () => {
    it('answers at once with wait_timeout 0s, and tells how it goes when asked', async () => {
      const first = await rest.execute('SELECT sleep(0.3) AS s', { wait_timeout: '0s' });
      expect(first.status).to.deep.equal({ state: 'PENDING' });
      expect(first).to.not.have.property('manifest');
      expect((await rest.get(first.statement_id)).status.state).to.equal('RUNNING');
      const early = await rest.call('GET', `statements/${first.statement_id}/result/chunks/0`);
      expect(early.status).to.equal(400);
      const { status, result } = await rest.finished(first.statement_id);
      expect([status.state, result?.data_array]).to.deep.equal(['SUCCEEDED', [['0']]]);
      expect(record(first.statement_id).polls).to.be.at.least(2);
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
      const { statement_id } = await rest.execute('SELECT 1', { query_tags: tags });
      expect(record(statement_id).queryTags).to.equal('team:a\\:b\\,c,dev');
      expect(await refusal({ statement: 'SELECT 1', query_tags: 'team:a' })).to.deep.include(400);
    });

    it("compiles a statement by Spark's types, and knows no function of the engine beneath", async () => {
      const compiled = await rest.execute("SELECT 7 DIV 2 AS q, 1 / 4 AS r, element_at(map('a', 1), 'a') AS m");
      expect(compiled.result?.data_array).to.deep.equal([['3', '0.25', '1']]);
      const refused = await rest.execute('SELECT duckdb_functions()');
      expect(refused.status.state).to.equal('FAILED');
      expect(refused.status.error?.message).to.include('42883');
    });

    it('ends a statement at its wait_timeout when told to', async function () {
      this.timeout(15_000);
      const { status, statement_id } = await rest.execute('SELECT sleep(60)', {
        wait_timeout: '5s',
        on_wait_timeout: 'CANCEL',
      });
      expect(status).to.deep.equal({ state: 'CANCELED' });
      expect(record(statement_id).outcome).to.equal('cancelled');
    });

    it('cancels and closes', async () => {
      const running = await rest.execute('SELECT count(*) FROM range(1000000000) a, range(1000) b', {
        wait_timeout: '0s',
      });
      expect((await rest.call('POST', `statements/${running.statement_id}/cancel`, {})).json()).to.deep.equal({});
      expect((await rest.get(running.statement_id)).status.state).to.equal('CANCELED');
      expect((await rest.call('DELETE', `statements/${running.statement_id}`)).status).to.equal(200);
      const gone = await rest.call('GET', `statements/${running.statement_id}`);
      expect([gone.status, gone.json()['error_code']]).to.deep.equal([404, 'NOT_FOUND']);
      expect(record(running.statement_id)).to.include({ outcome: 'cancelled', closedBy: 'client' });
    });

    it('lets downloads of a closed statement end well, and takes its files away with its session', async () => {
      const session_id = await rest.openSession();
      const { statement_id, result } = await rest.execute('SELECT 1', { ...LINKS, session_id });
      const link = result?.external_links?.[0]?.external_link ?? '';
      await rest.call('DELETE', `statements/${statement_id}`);
      expect((await rest.download(link)).status).to.equal(200);
      await rest.call('DELETE', `sessions/${session_id}`);
      expect((await rest.download(link)).status).to.equal(404);
    });
  });

  describe('parameters', () => {
    it('are bound by name with their types, NULL without a value', async () => {
      const { result } = await rest.execute(`SELECT :i + 1, :d, typeof(:d), :day, :s, :n IS NULL, :m, :b`, {
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
      const { result } = await rest.execute('SELECT ?, ?', {
        parameters: [
          { ordinal: 2, value: 'b' },
          { ordinal: 1, value: 'a' },
        ],
      });
      expect(result?.data_array).to.deep.equal([['a', 'b']]);
    });

    it('that are missing or malformed fail the statement with their SQLSTATE', async () => {
      expect((await rest.execute('SELECT :x')).status.sql_state).to.equal('42P02');
      const parameters = [{ name: 'x', value: 'abc', type: 'INT' }];
      expect((await rest.execute('SELECT :x', { parameters })).status.sql_state).to.equal('22018');
    });
  });

  describe('errors', () => {
    it('of a statement come with code, message and SQLSTATE', async () => {
      const { status } = await rest.execute('SELECT * FROM nowhere');
      expect(status).to.include({ state: 'FAILED', sql_state: '42P01' });
      expect(status.error).to.include({ error_code: 'BAD_REQUEST' });
      expect(status.error?.message).to.match(/^\[TABLE_OR_VIEW_NOT_FOUND\].*SQLSTATE: 42P01$/s);
      const late = await rest.execute('SELECT 1 / (id - 50000) FROM range(100000)', LINKS);
      expect(late.status).to.include({ state: 'FAILED', sql_state: '22012' });
    });

    it('of a request name the field', async () => {
      const warehouse_id = workspace.warehouseId;
      const statement = 'SELECT 1';
      expect(await refusal({ statement })).to.deep.equal([400, 'INVALID_PARAMETER_VALUE', 'warehouse_id is missing.']);
      expect((await refusal({ statement, warehouse_id: 'other' })).slice(0, 2)).to.deep.equal([
        404,
        'RESOURCE_DOES_NOT_EXIST',
      ]);
      expect((await refusal('{')).slice(0, 2)).to.deep.equal([400, 'MALFORMED_REQUEST']);
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
        const [status, code, message] = await refusal({ warehouse_id, ...body });
        expect([status, code], field).to.deep.equal([400, 'INVALID_PARAMETER_VALUE']);
        expect(message).to.contain(field);
      }
    });

    it('come for any body at all, and leave the workspace as it was', async () => {
      const whole = JSON.stringify({
        warehouse_id: workspace.warehouseId,
        statement: 'SELECT :x',
        parameters: [{ name: 'x', value: '1', type: 'INT', ordinal: 1 }],
        wait_timeout: '5s',
        row_limit: 10,
      });
      const mutations = ['', '{', '[', '"', 'null', '-1', '1e999', '\u0000', '{}', '[[]]', 'true'];
      const statuses = new Set<number>();
      for (let at = 1; at < whole.length; at += 7) {
        const body = whole.slice(0, at) + (mutations[at % mutations.length] ?? '') + whole.slice(at + (at % 3));
        statuses.add((await rest.call('POST', 'statements', body)).status);
        statuses.add((await rest.call('POST', 'sessions', body)).status);
      }
      expect([...statuses].filter((status) => ![200, 400, 404].includes(status))).to.deep.equal([]);
      expect((await rest.execute('SELECT 1')).result?.data_array).to.deep.equal([['1']]);
    });

    it('of credentials and paths are those of the REST API', async () => {
      const stranger = new RestClient(workspace, 'none');
      expect((await stranger.call('POST', 'statements', {})).status).to.equal(401);
      expect((await rest.call('PUT', 'statements', {})).json()['error_code']).to.equal('ENDPOINT_NOT_FOUND');
      expect((await rest.call('POST', 'statements/x/y', {})).status).to.equal(404);
    });
  });

  describe('sessions', () => {
    it('keep catalog, schema, settings and temporary views between statements', async () => {
      const session_id = await rest.openSession({ catalog: 'samples', session_confs: { 'some.key': 'v' } });
      await rest.execute('CREATE TEMPORARY VIEW mine AS SELECT 7 AS x', { session_id });
      const { result } = await rest.execute('SELECT current_catalog(), x FROM mine', { session_id });
      expect(result?.data_array).to.deep.equal([['samples', '7']]);
      const setting = await rest.execute('SET some.key', { session_id });
      expect(setting.result?.data_array).to.deep.equal([['some.key', 'v']]);
      const [opened] = workspace.received.sessions().filter(({ sessionId }) => sessionId === session_id);
      expect(opened).to.deep.include({ protocol: 'sea', configuration: { 'some.key': 'v' } });
      expect((await rest.call('DELETE', `sessions/${session_id}?warehouse_id=x`)).status).to.equal(200);
      expect(opened?.closedAt).to.be.a('number');
      const body = { warehouse_id: workspace.warehouseId, statement: 'SELECT 1', session_id };
      expect((await refusal(body)).slice(0, 2)).to.deep.equal([404, 'NOT_FOUND']);
    });

    it('are not needed: a statement brings its own catalog and schema', async () => {
      const { result } = await rest.execute('SELECT current_catalog(), current_schema()', { catalog: 'samples' });
      expect(result?.data_array).to.deep.equal([['samples', 'default']]);
      const { status } = await rest.execute('SELECT 1', { catalog: 'nowhere' });
      expect(status.error?.message).to.contain('NO_SUCH_CATALOG_EXCEPTION');
      const answer = await rest.call('POST', 'sessions', { warehouse_id: workspace.warehouseId, catalog: 'none' });
      expect([answer.status, answer.json()['message']]).to.satisfy(
        ([status, message]: [number, string]) => status === 400 && message.includes('NO_SUCH_CATALOG_EXCEPTION'),
      );
    });

    it('end their statements at the STATEMENT_TIMEOUT that is set in them', async () => {
      const session_id = await rest.openSession({ session_confs: { STATEMENT_TIMEOUT: '1' } });
      const { status, statement_id } = await rest.execute('SELECT sleep(30)', { session_id });
      expect(status).to.include({ state: 'FAILED', sql_state: '57KD0' });
      expect(status.error?.error_code).to.equal('DEADLINE_EXCEEDED');
      expect(record(statement_id).outcome).to.equal('timed-out');
    });

    it('can be named in the path, with their warehouse, as the driver for JDBC does', async () => {
      const base = `warehouses/${workspace.warehouseId}/sessions`;
      const opened = (await rest.call('POST', base, { catalog: 'samples' })).json();
      const session = `${base}/${String(opened['session_id'])}`;
      const statement = 'SELECT current_catalog()';
      const first = (
        await rest.call('POST', `${session}/statements`, { statement })
      ).json() as unknown as StatementAnswer;
      expect(first.result?.data_array).to.deep.equal([['samples']]);
      const again = (await rest.call('GET', `${session}/statements/${first.statement_id}`)).json();
      expect(again['status']).to.deep.equal({ state: 'SUCCEEDED' });
      const status = (await rest.call('GET', `statements/${first.statement_id}/status`)).json();
      expect(status).to.deep.equal({ statement_id: first.statement_id, status: { state: 'SUCCEEDED' } });
      expect((await rest.call('DELETE', `${session}/statements/${first.statement_id}`)).status).to.equal(200);
      expect((await rest.call('DELETE', session)).status).to.equal(200);
      expect((await rest.call('POST', 'warehouses/other/sessions', {})).status).to.equal(404);
    });

    it('and statements are visible to their own tenant only', async () => {
      const other = new RestClient(workspace, 'two');
      const session_id = await rest.openSession();
      const { statement_id } = await rest.execute('SELECT 1', { session_id });
      expect((await other.call('GET', `statements/${statement_id}`)).status).to.equal(404);
      expect((await other.call('GET', `statements/${statement_id}/result/chunks/0`)).status).to.equal(404);
      expect((await other.call('POST', `statements/${statement_id}/cancel`)).status).to.equal(404);
      expect((await other.call('DELETE', `statements/${statement_id}`)).status).to.equal(404);
      expect((await other.call('DELETE', `sessions/${session_id}`)).status).to.equal(404);
      const body = { warehouse_id: workspace.warehouseId, statement: 'SELECT 1', session_id };
      expect((await other.call('POST', 'statements', body)).status).to.equal(404);
      expect(record(statement_id)).to.include({ protocol: 'sea', tenant: 'default', closedBy: undefined });
    });
  });

  describe('faults', () => {
    afterEach(() => workspace.faults.clear());

    it('hit one call of the API by its name', async () => {
      const fault = workspace.faults.add({ route: 'sea', rpc: 'GetStatement', status: 503, times: 1 });
      const { statement_id } = await rest.execute('SELECT 1');
      expect((await rest.call('GET', `statements/${statement_id}`)).status).to.equal(503);
      expect((await rest.get(statement_id)).status.state).to.equal('SUCCEEDED');
      expect(fault.hits).to.equal(1);
      const [faulted] = workspace.received.requests({ rpc: 'GetStatement' }).filter((request) => request.faulted);
      expect(faulted).to.include({ route: 'sea', status: 503, tenant: 'default' });
    });

    it('fail a statement, or refuse any other call', async () => {
      workspace.faults.add({ route: 'sea', error: { message: '[BOOM] no', sqlState: '58030' } });
      const { status } = await rest.execute('SELECT 1');
      expect(status).to.deep.equal({
        state: 'FAILED',
        error: { error_code: 'BAD_REQUEST', message: '[BOOM] no' },
        sql_state: '58030',
      });
      expect((await rest.call('POST', 'sessions', {})).json()).to.deep.equal({
        error_code: 'BAD_REQUEST',
        message: '[BOOM] no',
      });
    });

    it('hand out links that have expired, and a new link works', async () => {
      workspace.faults.add({ rpc: 'ExecuteStatement', expireLinks: true, times: 1 });
      const { statement_id, result } = await rest.execute('SELECT 1', { ...LINKS, ...ARROW });
      expect((await rest.download(result?.external_links?.[0]?.external_link ?? '')).status).to.equal(403);
      const again = await rest.chunk(statement_id, 0);
      expect((await rest.download(again.external_links?.[0]?.external_link ?? '')).status).to.equal(200);
    });
  });
});
