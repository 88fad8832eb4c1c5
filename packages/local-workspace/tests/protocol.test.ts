import { thrift } from '@databricks/sql';
import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';

const { TGetInfoType } = thrift.TCLIService_types;

for (const { name, Client } of DRIVERS) {
  describe(`protocol, driver ${name}`, () => {
    let it_: Harness;
    const last = () => {
      const record = it_.workspace.received.statements().at(-1);
      if (!record) throw new Error('no statement');
      return record;
    };

    before(async () => {
      // A quick statement is answered at once, however busy the machine is.
      it_ = await harness({ Client, asyncAfterMs: 1000 });
    });
    after(() => it_.close());

    it('answers a quick statement with direct results and closes it', async () => {
      const operation = await it_.session.executeStatement('SELECT 1 AS one');
      expect(await operation.fetchAll()).to.deep.equal([{ one: 1 }]);
      await operation.close();
      expect(last()).to.include({
        statementId: operation.id,
        sessionId: it_.session.id,
        rpc: 'ExecuteStatement',
        outcome: 'succeeded',
        polls: 0,
        fetches: 0,
        rows: 1,
        closedBy: 'direct-results',
      });
    });

    it('answers without direct results when the client asks for none', async () => {
      expect(await it_.rows('SELECT 2 AS two', { maxRows: null })).to.deep.equal([{ two: 2 }]);
      expect(last()).to.include({ directResults: false, closedBy: 'client' });
      expect(last().polls).to.be.at.least(1);
      expect(last().fetches).to.equal(1);
    });

    it('pages a result that is larger than the direct part', async () => {
      const operation = await it_.session.executeStatement('SELECT id FROM range(1000)', {
        maxRows: 10,
        useCloudFetch: false,
      });
      const rows = (await operation.fetchAll({ maxRows: 300 })) as { id: number }[];
      await operation.close();
      expect(rows.map(({ id }) => id)).to.deep.equal(Array.from({ length: 1000 }, (_row, i) => i));
      expect(last()).to.include({ fetches: 4, rows: 1000, closedBy: 'client' });
    });

    it('runs a slow statement asynchronously and is polled', async () => {
      expect(await it_.rows('SELECT sleep(2) AS s')).to.deep.equal([{ s: 0 }]);
      expect(last().polls).to.be.within(2, 12);
      expect(last().outcome).to.equal('succeeded');
    });

    it('tells progress to those who ask', async () => {
      const seen: unknown[] = [];
      const operation = await it_.session.executeStatement('SELECT sleep(2)');
      await operation.finished({
        progress: true,
        callback: (status: { progressUpdateResponse?: { progressedPercentage?: number } }) =>
          seen.push(status.progressUpdateResponse?.progressedPercentage),
      });
      await operation.close();
      expect(seen.at(-1)).to.equal(1);
    });

    it('cancels a running statement at once', async () => {
      const operation = await it_.session.executeStatement('SELECT count(*) FROM range(1000000000) a, range(1000) b');
      const started = Date.now();
      await operation.cancel();
      expect(Date.now() - started).to.be.below(10_000);
      expect(last().outcome).to.equal('cancelled');
      expect(await it_.rows('SELECT 3 AS three')).to.deep.equal([{ three: 3 }]);
    }).retries(2); // It measures time.

    it('ends a statement at its query timeout', async () => {
      const { message } = await it_.failure('SELECT sleep(30)', { queryTimeout: 1 });
      expect(message).to.contain('timed out after 1 seconds');
      expect(last()).to.include({ outcome: 'timed-out', sqlState: '57KD0' });
    });

    it('ends a statement at the timeout that its session sets, or earlier at its own', async () => {
      const session = await it_.client.openSession({ configuration: { STATEMENT_TIMEOUT: '1' } });
      const timed = async (queryTimeout?: number): Promise<string> => {
        const options = queryTimeout === undefined ? {} : { queryTimeout };
        const operation = await session.executeStatement('SELECT sleep(30)', options);
        const error: unknown = await operation.fetchAll().catch((e: unknown) => e);
        return (error as Error).message;
      };
      expect(await timed()).to.contain('timed out after 1 seconds');
      const set = await session.executeStatement('SET STATEMENT_TIMEOUT = 20');
      await set.close();
      expect(await timed(1)).to.contain('timed out after 1 seconds');
      await session.close();
    });

    it('marks a statement that is closed while it runs', async () => {
      const operation = await it_.session.executeStatement('SELECT sleep(30)');
      await operation.close();
      expect(last()).to.include({ outcome: 'closed', closedBy: 'client' });
    });

    it('reports modified rows', async () => {
      await it_.rows('CREATE OR REPLACE TABLE counted (x INT)');
      expect(await it_.rows('INSERT INTO counted SELECT id FROM range(7)')).to.deep.equal([
        { num_affected_rows: 7, num_inserted_rows: 7 },
      ]);
      expect(await it_.rows('UPDATE counted SET x = 0 WHERE x < 3')).to.deep.equal([{ num_affected_rows: 3 }]);
      expect(await it_.rows('DELETE FROM counted WHERE x = 0')).to.deep.equal([{ num_affected_rows: 3 }]);
    });

    it('surfaces an error in a late row as an error of the statement', async () => {
      const { sqlState } = await it_.failure('SELECT 1 / (id - 50000) FROM range(100000)');
      expect(sqlState).to.equal('22012');
    });

    it('answers GetInfo for what a server tells about itself', async () => {
      expect((await it_.session.getInfo(TGetInfoType.CLI_DBMS_NAME)).getValue()).to.equal('Spark SQL');
      expect((await it_.session.getInfo(TGetInfoType.CLI_DBMS_VER)).getValue()).to.equal('3.1.1');
      expect((await it_.session.getInfo(TGetInfoType.CLI_MAX_IDENTIFIER_LEN)).getValue()).to.equal(128);
      const error: unknown = await it_.session.getInfo(TGetInfoType.CLI_TXN_CAPABLE).catch((e: unknown) => e);
      expect(error).to.have.property('message').that.contains('Unrecognized GetInfoType');
    });

    it('opens sessions with catalog, schema and configuration, and rejects unknown ones', async () => {
      await it_.rows('CREATE SCHEMA IF NOT EXISTS samples.opened');
      const session = await it_.client.openSession({
        initialCatalog: 'samples',
        initialSchema: 'opened',
        configuration: { 'some.key': 'some value' },
      });
      const operation = await session.executeStatement('SELECT current_catalog() AS c, current_schema() AS s');
      expect(await operation.fetchAll()).to.deep.equal([{ c: 'samples', s: 'opened' }]);
      const setting = await session.executeStatement('SET some.key');
      expect(await setting.fetchAll()).to.deep.equal([{ key: 'some.key', value: 'some value' }]);
      await session.close();
      const record = it_.workspace.received.sessions().find(({ sessionId }) => sessionId === session.id);
      expect(record?.closedAt).to.be.a('number');
      const error: unknown = await it_.client.openSession({ initialCatalog: 'nowhere' }).catch((e: unknown) => e);
      expect(error).to.have.property('message').that.contains('NO_SUCH_CATALOG_EXCEPTION');
    });

    it('closes what is open in a session with it', async () => {
      const session = await it_.client.openSession();
      const running = await session.executeStatement('SELECT sleep(30)');
      await it_.client.openSession().then((other) => other.close());
      const id = running.id;
      await session.close();
      const [record] = it_.workspace.received.statements({ statementId: id });
      expect(record?.outcome).to.be.oneOf(['closed', 'cancelled']);
    });
  });
}

describe('sessions', () => {
  it('serves 100 sessions at once', async function () {
    this.timeout(240_000);
    const it_ = await harness();
    const { client } = it_;
    try {
      const results = await Promise.all(
        Array.from({ length: 100 }, async (_unused, i) => {
          const session = await client.openSession();
          const operation = await session.executeStatement(`SELECT ${i} AS i, sum(id) AS s FROM range(1000)`);
          const [row] = (await operation.fetchAll()) as { i: number; s: number }[];
          await session.close();
          return row;
        }),
      );
      results.forEach((row, i) => expect(row).to.deep.equal({ i, s: 499500 }));
    } finally {
      await it_.close();
    }
  });
});

describe('protocol versions', () => {
  for (const level of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    it(`V${level} serves what it has and leaves out what came later`, async () => {
      const it_ = await harness({ protocolVersion: level, cloudFetch: { thresholdBytes: 0 } });
      try {
        expect(await it_.rows('SELECT id FROM range(3)')).to.deep.equal([{ id: 0 }, { id: 1 }, { id: 2 }]);
        const [record] = it_.workspace.received.statements().slice(-1);
        expect(record?.resultFormat).to.equal(level >= 5 ? 'cloudfetch' : 'columnar');
        expect(it_.workspace.received.sessions()[0]?.protocolVersion).to.equal(level);
        if (level < 8) {
          const { sqlState } = await it_.failure('SELECT :x', { namedParameters: { x: 1 } });
          expect(sqlState).to.equal('42P02');
        }
      } finally {
        await it_.close();
      }
    });
  }
});
