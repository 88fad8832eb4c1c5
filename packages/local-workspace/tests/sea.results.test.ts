import { tableFromIPC } from 'apache-arrow';
import { expect } from 'chai';
import { decompressFrame } from 'lz4-napi';
import { ARROW, LINKS, Sea } from './sea';

describe('results of the Statement Execution API', () => {
  let sea: Sea;
  before(async () => {
    sea = await Sea.start();
  });
  after(() => sea.workspace.close());

  describe('rows', () => {
    it('come inline as JSON of strings and nulls, with a manifest, when nothing is said', async () => {
      const answer = await sea.rest.execute(`SELECT concat('id-', id) AS a, id AS b, NULL AS c FROM range(3)`);
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
      const { result, manifest } = await sea.rest.execute(
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
      const plain = await sea.rest.execute('SELECT id FROM range(5)', ARROW);
      const table = tableFromIPC(Buffer.from(plain.result?.attachment ?? '', 'base64'));
      expect([...(table.getChild('id')?.toArray() as bigint[])].map(Number)).to.deep.equal([0, 1, 2, 3, 4]);
      const packed = await sea.rest.execute('SELECT id FROM range(5)', { ...ARROW, result_compression: 'LZ4_FRAME' });
      expect(packed.manifest?.result_compression).to.equal('LZ4_FRAME');
      const bytes = await decompressFrame(Buffer.from(packed.result?.attachment ?? '', 'base64'));
      expect(tableFromIPC(bytes).numRows).to.equal(5);
      expect(sea.record(plain.statement_id)).to.include({ resultFormat: 'inline-arrow', compressed: false, rows: 5 });
      expect(sea.record(packed.statement_id)).to.include({ resultFormat: 'inline-arrow', compressed: true });
    });

    it('come in chunks that can be fetched in any order and more than once', async () => {
      const { statement_id: id, manifest, result } = await sea.rest.execute('SELECT id FROM range(2500)');
      expect(manifest?.chunks.map(({ row_offset, row_count }) => [row_offset, row_count])).to.deep.equal([
        [0, 1000],
        [1000, 1000],
        [2000, 500],
      ]);
      expect(result).to.include({
        next_chunk_index: 1,
        next_chunk_internal_link: `/api/2.0/sql/statements/${id}/result/chunks/1?row_offset=1000`,
      });
      const last = await sea.rest.chunk(id, 2);
      expect(last)
        .to.include({ chunk_index: 2, row_offset: 2000, row_count: 500 })
        .and.not.have.property('next_chunk_index');
      expect((await sea.rest.chunk(id, 1)).data_array?.[0]).to.deep.equal(['1000']);
      expect((await sea.rest.chunk(id, 1)).data_array?.at(-1)).to.deep.equal(['1999']);
      expect(sea.record(id)).to.include({ resultFormat: 'inline-json', rows: 2500, fetches: 3 });
      const beyond = await sea.rest.call('GET', `statements/${id}/result/chunks/3`);
      expect([beyond.status, beyond.json()['error_code']]).to.deep.equal([400, 'INVALID_PARAMETER_VALUE']);
    });

    it('come as files behind links, some links at a time, without a token', async () => {
      const answer = await sea.rest.execute('SELECT id FROM range(4500)', { ...LINKS, ...ARROW });
      const first = answer.result?.external_links ?? [];
      expect(first.map(({ chunk_index }) => chunk_index)).to.deep.equal([0, 1, 2]);
      const rest_ = (await sea.rest.chunk(answer.statement_id, 3)).external_links ?? [];
      expect(rest_.map(({ next_chunk_index }) => next_chunk_index)).to.deep.equal([4, undefined]);
      let rows = 0;
      for (const { external_link, byte_count, row_count } of [...first, ...rest_]) {
        const { status, body } = await sea.rest.download(external_link);
        expect([status, body.length]).to.deep.equal([200, byte_count]);
        expect(tableFromIPC(body).numRows).to.equal(row_count);
        rows += row_count ?? 0;
      }
      expect(rows).to.equal(4500);
      expect(sea.record(answer.statement_id)).to.include({ resultFormat: 'cloudfetch', filesOffered: 5, rows: 4500 });
      expect(sea.record(answer.statement_id).files.map(({ downloads }) => downloads.length)).to.deep.equal([
        1, 1, 1, 1, 1,
      ]);
    });

    it('come as JSON or CSV files, CSV with one line of names', async () => {
      const sql = `SELECT concat('a', id) AS x, CASE id WHEN 0 THEN 'q"' END AS \`y,z\` FROM range(1001)`;
      const json = await sea.rest.execute(sql, LINKS);
      const [jsonLink] = json.result?.external_links ?? [];
      const rows = JSON.parse((await sea.rest.download(jsonLink?.external_link ?? '')).body.toString()) as unknown[];
      expect(rows.slice(0, 2)).to.deep.equal([
        ['a0', 'q"'],
        ['a1', null],
      ]);
      const csv = await sea.rest.execute(sql, { ...LINKS, format: 'CSV' });
      const files = (csv.result?.external_links ?? []).map(({ external_link }) => sea.rest.download(external_link));
      const [head = '', tail] = (await Promise.all(files)).map(({ body }) => body.toString());
      expect(head.split('\r\n').slice(0, 3)).to.deep.equal(['x,"y,z"', 'a0,"q"""', 'a1,null']);
      expect(tail).to.equal('a1000,null\r\n');
    });

    it('come inline or as links by their size when the client takes both', async () => {
      const either = { ...ARROW, disposition: 'INLINE_OR_EXTERNAL_LINKS' };
      expect((await sea.rest.execute('SELECT 1', either)).result).to.have.property('attachment');
      const large = await sea.rest.execute(`SELECT repeat('x', 200) AS x FROM range(20000)`, either);
      expect(large.result).to.have.property('external_links');
    });

    it('without rows or columns have a manifest and no data', async () => {
      const none = await sea.rest.execute('SELECT id FROM range(0)');
      expect(none.manifest).to.include({ total_chunk_count: 0, total_row_count: 0 });
      expect(none.result).to.deep.equal({});
      const ddl = await sea.rest.execute('CREATE TABLE made (x INT)');
      expect(ddl.manifest?.schema.column_count).to.equal(0);
      const insert = await sea.rest.execute('INSERT INTO made VALUES (1), (2)');
      expect(insert.status).to.deep.equal({ state: 'SUCCEEDED', num_modified_rows: 2 });
    });

    it('end at row_limit and byte_limit, and say whether that cut anything off', async () => {
      const cut = await sea.rest.execute('SELECT id FROM range(10)', { row_limit: 3 });
      expect(cut.manifest).to.include({ truncated: true, total_row_count: 3 });
      expect(cut.result?.data_array).to.deep.equal([['0'], ['1'], ['2']]);
      const whole = await sea.rest.execute('SELECT id FROM range(3)', { row_limit: '3' });
      expect(whole.manifest).to.include({ truncated: false, total_row_count: 3 });
      const bytes = await sea.rest.execute(`SELECT repeat('x', 100) AS x FROM range(100)`, { byte_limit: 1000 });
      expect(bytes.manifest?.truncated).to.equal(true);
      expect(bytes.manifest?.total_row_count).to.be.within(5, 15);
    });

    it('end at byte_limit and row_limit as Arrow and as files, too', async () => {
      const sql = `SELECT repeat('x', 100) AS x FROM range(5000)`;
      for (const wish of [ARROW, LINKS, { ...LINKS, ...ARROW }]) {
        const { manifest } = await sea.rest.execute(sql, { ...wish, byte_limit: 20_000 });
        expect(manifest?.truncated, JSON.stringify(wish)).to.equal(true);
        expect(manifest?.total_row_count, JSON.stringify(wish)).to.be.within(50, 400);
        const rows = await sea.rest.execute(sql, { ...wish, row_limit: 1500 });
        expect(rows.manifest, JSON.stringify(wish)).to.include({ truncated: true, total_row_count: 1500 });
      }
    });

    it('larger than 25 MiB inline fail the statement', async () => {
      const { status } = await sea.rest.execute(`SELECT repeat('x', 1000) AS x FROM range(28000)`);
      expect(status.state).to.equal('FAILED');
      expect(status.error?.message).to.contain('INLINE_BYTE_LIMIT_EXCEEDED');
    });

    it('keep columns of one name apart', async () => {
      const { result } = await sea.rest.execute(`SELECT 1 AS x, 'b' AS x`);
      expect(result?.data_array).to.deep.equal([['1', 'b']]);
    });
  });
});
