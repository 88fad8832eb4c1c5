import { MessageReader, tableFromIPC } from 'apache-arrow';
import type { TFetchResultsResp } from '@databricks/sql/thrift/TCLIService_types';
import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';
import { request } from './request';
import { RestClient } from './rest';

const FORMATS: readonly [name: string, config: Record<string, unknown>][] = [
  ['column-based', { arrowEnabled: false }],
  ['Arrow', { useLZ4Compression: false }],
  ['Arrow with text for what is not native', { useArrowNativeTypes: false, useLZ4Compression: false }],
];

/** The pages that the driver fetches while `work` runs. */
async function pages(it_: Harness, work: () => Promise<unknown>): Promise<TFetchResultsResp[]> {
  const driver = await it_.client.getDriver();
  const fetched: TFetchResultsResp[] = [];
  const original = driver.fetchResults.bind(driver);
  driver.fetchResults = async (asked) => {
    const page = await original(asked);
    fetched.push(page);
    return page;
  };
  try {
    await work();
  } finally {
    driver.fetchResults = original;
  }
  return fetched;
}

for (const { name, Client } of DRIVERS) {
  for (const [format, config] of FORMATS) {
    describe(`results in ${format}, driver ${name}`, () => {
      let it_: Harness;
      before(async () => {
        it_ = await harness({ Client, config });
      });
      after(() => it_.close());

      it('hold columns of one name and different types, of which an object keeps the last', async () => {
        expect(await it_.rows(`SELECT 1 AS x, 'b' AS x`)).to.deep.equal([{ x: 'b' }]);
        expect(await it_.rows(`SELECT 'b' AS x, true AS y, 1.5 AS x`)).to.deep.equal([{ x: 1.5, y: true }]);
        const joined = `SELECT * FROM (SELECT 1 AS k, 'l' AS v) a JOIN (SELECT 1 AS k, true AS v, 9 AS w) b ON a.k = b.k`;
        expect(await it_.rows(joined)).to.deep.equal([{ k: 1, v: true, w: 9 }]);
      });

      it('are fetched in pages of the size that is asked for', async () => {
        const operation = await it_.session.executeStatement('SELECT id FROM range(1000)', { maxRows: 500 });
        const sizes: number[] = [];
        do sizes.push((await operation.fetchChunk({ maxRows: 300 })).length);
        while (await operation.hasMoreRows());
        await operation.close();
        expect(sizes).to.deep.equal([300, 300, 300, 100]);
      });

      it('that fit into the first answer need no other', async () => {
        const none = await pages(it_, async () => {
          const operation = await it_.session.executeStatement('SELECT id FROM range(1000)', { maxRows: 1000 });
          expect(await operation.fetchAll()).to.have.length(1000);
          await operation.close();
        });
        expect(none).to.deep.equal([]);
      }).retries(2); // It measures time: a result goes with the answer when it is there soon.

      it('can be iterated over, by chunks and by rows', async () => {
        const byChunks = await it_.session.executeStatement('SELECT id FROM range(10)');
        const chunks: unknown[] = [];
        for await (const chunk of byChunks.iterateChunks({ maxRows: 4 })) chunks.push(chunk.length);
        await byChunks.close();
        expect(chunks).to.deep.equal([4, 4, 2]);
        const byRows = await it_.session.executeStatement('SELECT id FROM range(10)');
        const ids: number[] = [];
        for await (const row of byRows.iterateRows()) ids.push((row as { id: number }).id);
        await byRows.close();
        expect(ids).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      });

      it('of statements without columns are empty, with direct results and without', async () => {
        expect(await it_.rows('CREATE OR REPLACE TABLE empty (x INT)')).to.deep.equal([]);
        expect(await it_.rows('DROP TABLE empty', { maxRows: null })).to.deep.equal([]);
      });
    });
  }
}

describe('results', () => {
  let it_: Harness;
  const columnBased = async (sql: string): Promise<unknown> => {
    const other = await harness({ config: { arrowEnabled: false } });
    try {
      return await other.rows(sql);
    } finally {
      await other.close();
    }
  };

  before(async () => {
    it_ = await harness({ config: { useLZ4Compression: false }, cloudFetch: { thresholdBytes: 0 } });
  });
  after(() => it_.close());

  it('with columns of one name are one valid Arrow stream with both names and types', async () => {
    const rest = new RestClient(it_.workspace);
    const { result } = await rest.execute(`SELECT 'b' AS x, 7 AS x`, { format: 'ARROW_STREAM' });
    const stream = Buffer.from(result?.attachment ?? '', 'base64');
    const reader = new MessageReader(stream);
    expect(reader.readSchema()?.fields.map(({ name: field, type }) => `${field}: ${String(type)}`)).to.deep.equal([
      'x: Utf8',
      'x: Int32',
    ]);
    const message = reader.readMessage();
    expect(message?.header()).to.have.property('nodes').with.length(2);
    const distinct = await rest.execute(`SELECT 'b' AS x, 7 AS y`, { format: 'ARROW_STREAM' });
    const table = tableFromIPC(Buffer.from(distinct.result?.attachment ?? '', 'base64'));
    expect(table.toArray().map(String)).to.deep.equal(['{"x": "b", "y": 7}']);
  });

  it('write a FLOAT as the number that its text spells where columns hold doubles', async () => {
    const sql = 'SELECT CAST(1.2 AS FLOAT) AS f, CAST(3.4e38 AS FLOAT) AS big, CAST(-0.1 AS FLOAT) AS n';
    expect(await columnBased(sql)).to.deep.equal([{ f: 1.2, big: 3.4e38, n: -0.1 }]);
    expect(await columnBased('SELECT array(CAST(1.2 AS FLOAT)) AS a')).to.deep.equal([{ a: [1.2] }]);
  });

  it('have several record batches in a page', async () => {
    const fetched = await pages(it_, async () => {
      const operation = await it_.session.executeStatement('SELECT id FROM range(10000)', {
        maxRows: null,
        useCloudFetch: false,
      });
      expect(await operation.fetchAll()).to.have.length(10_000);
      await operation.close();
    });
    expect(fetched).to.have.length(1);
    const batches = fetched[0]?.results?.arrowBatches ?? [];
    expect(batches.length).to.be.greaterThan(1);
    expect(batches.reduce((sum, { rowCount }) => sum + rowCount.toNumber(), 0)).to.equal(10_000);
  });

  it('have several record batches in a file', async () => {
    const operation = await it_.session.executeStatement('SELECT id FROM range(10000)', { maxRows: null });
    const [page] = await pages(it_, async () => {
      expect(await operation.fetchAll()).to.have.length(10_000);
    });
    const { pathname, search } = new URL(page?.results?.resultLinks?.[0]?.fileLink ?? '');
    const { body } = await request(it_.workspace, { method: 'GET', path: pathname + search });
    await operation.close();
    expect(tableFromIPC(body).batches.length).to.be.greaterThan(1);
  });
});
