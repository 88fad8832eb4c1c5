import { DBSQLClient, DBSQLParameter } from '@databricks/sql';
import {
  TExecuteStatementReq,
  TFetchOrientation,
  TFetchResultsReq,
  TProtocolVersion,
  TSparkGetDirectResults,
  TStatusCode,
} from '@databricks/sql/thrift/TCLIService_types';
import { expect } from 'chai';
import Int64 from 'node-int64';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { connect, type Session } from './drivers';

const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Every kind of type in one row. */
const EVERYTHING = `SELECT CAST(42 AS TINYINT) AS tiny, 1000 AS i, CAST(123456789012345 AS BIGINT) AS big,
  CAST(1.5 AS FLOAT) AS f, CAST(3.25 AS DOUBLE) AS d, CAST(123.45 AS DECIMAL(5,2)) AS dec, 'hello' AS s,
  X'68656C6C6F' AS bin, true AS b, DATE'2024-02-29' AS day, TIMESTAMP'2024-02-29 01:02:03' AS ts,
  INTERVAL '1' DAY AS iv, array(1, 2, 3) AS arr, map('a', 1) AS m, named_struct('id', 42) AS st, NULL AS n`;

describe('clients that ask for an older protocol', () => {
  let workspace: LocalWorkspace;
  let client: DBSQLClient;

  before(async () => {
    workspace = await startLocalWorkspace({ cloudFetch: { thresholdBytes: 0 }, asyncAfterMs: 60_000 });
    client = await connect(workspace);
  });
  after(async () => {
    await client.close();
    await workspace.close();
  });

  /** A session of the driver, which believes that it asked for the newest. */
  async function openAt(level: (typeof VERSIONS)[number]): Promise<Session> {
    const driver = await client.getDriver();
    const original = driver.openSession.bind(driver);
    const client_protocol_i64 = new Int64(TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V1 + level - 1);
    driver.openSession = (asked) => original(Object.assign(asked, { client_protocol_i64 }));
    try {
      return await client.openSession();
    } finally {
      driver.openSession = original;
    }
  }

  for (const level of VERSIONS) {
    it(`get at V${level} what it may carry, and every type`, async () => {
      const session = await openAt(level);
      const operation = await session.executeStatement(EVERYTHING);
      const [row] = (await operation.fetchAll()) as Record<string, unknown>[];
      await operation.close();
      expect(row).to.deep.include({
        tiny: 42,
        i: 1000,
        big: 123456789012345,
        f: 1.5,
        d: 3.25,
        dec: 123.45,
        b: true,
        n: null,
      });
      expect(row).to.deep.include({ s: 'hello', bin: Buffer.from('hello'), iv: '1 00:00:00.000000000' });
      expect(row).to.deep.include({ arr: [1, 2, 3], m: { a: 1 }, st: { id: 42 } });
      const native = level >= 5;
      expect(row?.['day']).to.deep.equal(native ? new Date('2024-02-29T00:00:00Z') : '2024-02-29');
      expect(row?.['ts']).to.deep.equal(native ? new Date('2024-02-29T01:02:03Z') : '2024-02-29 01:02:03');
      const catalogs = await session.getCatalogs();
      expect(await catalogs.fetchAll()).to.deep.include({ TABLE_CAT: 'main' });
      await catalogs.close();
      await session.close();
      const [record] = workspace.received.statements({ statementId: operation.id });
      expect(record?.resultFormat).to.equal(native ? 'cloudfetch' : 'columnar');
      expect(workspace.received.sessions().at(-1)?.protocolVersion).to.equal(level);
    });
  }

  it('may send parameters all the same', async () => {
    const driver = await client.getDriver();
    const { sessionHandle } = await driver.openSession({ client_protocol_i64: new Int64(0xa507) });
    if (!sessionHandle) throw new Error('no session');
    const answer = await driver.executeStatement(
      new TExecuteStatementReq({
        sessionHandle,
        statement: 'SELECT :x AS x',
        parameters: [new DBSQLParameter({ value: 5 }).toSparkParameter({ name: 'x' })],
        getDirectResults: new TSparkGetDirectResults({ maxRows: new Int64(10) }),
      }),
    );
    expect(answer.directResults?.resultSet?.results?.columns?.[0]?.i32Val?.values).to.deep.equal([5]);
  });

  it('may fetch a statement without columns that direct results have closed, and get nothing', async () => {
    const driver = await client.getDriver();
    const { sessionHandle } = await driver.openSession({ client_protocol_i64: new Int64(0xa507) });
    if (!sessionHandle) throw new Error('no session');
    const { directResults, operationHandle } = await driver.executeStatement(
      new TExecuteStatementReq({
        sessionHandle,
        statement: 'CREATE TABLE IF NOT EXISTS fetched (x INT)',
        getDirectResults: new TSparkGetDirectResults({ maxRows: new Int64(10) }),
      }),
    );
    expect(directResults?.closeOperation?.status.statusCode).to.equal(TStatusCode.SUCCESS_STATUS);
    if (!operationHandle) throw new Error('no operation');
    const fetch = () =>
      driver.fetchResults(
        new TFetchResultsReq({
          operationHandle,
          orientation: TFetchOrientation.FETCH_NEXT,
          maxRows: new Int64(10),
          includeResultSetMetadata: true,
        }),
      );
    const page = await fetch();
    expect(page.status.statusCode).to.equal(TStatusCode.SUCCESS_STATUS);
    expect([page.hasMoreRows, page.resultSetMetadata?.schema?.columns]).to.deep.equal([false, []]);
  });

  it('get the metadata with a page when they ask for both', async () => {
    const driver = await client.getDriver();
    const { sessionHandle } = await driver.openSession({ client_protocol_i64: new Int64(0xa507) });
    if (!sessionHandle) throw new Error('no session');
    const { operationHandle } = await driver.executeStatement(
      new TExecuteStatementReq({ sessionHandle, statement: 'SELECT 1 AS one' }),
    );
    if (!operationHandle) throw new Error('no operation');
    const page = await driver.fetchResults(
      new TFetchResultsReq({
        operationHandle,
        orientation: TFetchOrientation.FETCH_NEXT,
        maxRows: new Int64(10),
        includeResultSetMetadata: true,
      }),
    );
    expect(page.resultSetMetadata?.schema?.columns.map(({ columnName }) => columnName)).to.deep.equal(['one']);
  });

  it('hear of a socket timeout in the words of the driver', async () => {
    const impatient = new DBSQLClient({ logger: { log: () => undefined } });
    await impatient.connect({ ...workspace.connectionOptions, telemetryEnabled: false, socketTimeout: 1 });
    const error: unknown = await impatient.openSession().catch((e: unknown) => e);
    expect(error).to.have.property('message', 'Request timed out');
    await impatient.close();
  });
});
