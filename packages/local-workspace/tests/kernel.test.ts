import { DBSQLClient, DBSQLParameter, DBSQLParameterType } from '@databricks/sql';
import { expect } from 'chai';
import { startConnectProxy, startLocalWorkspace, type LocalWorkspace } from '../lib';
import { quietLogger, type Session, type StatementOptions } from './drivers';

type Rows = Record<string, unknown>[];

describe('kernel backend of the driver', function () {
  let workspace: LocalWorkspace;
  let client: DBSQLClient;
  let session: Session;

  const connect = async (more: object = {}): Promise<DBSQLClient> => {
    const connected = new DBSQLClient({ logger: quietLogger });
    await connected.connect({ ...workspace.kernelConnectionOptions, telemetryEnabled: false, ...more });
    return connected;
  };
  const rows = async (sql: string, options?: StatementOptions): Promise<Rows> => {
    const operation = await session.executeStatement(sql, options);
    const result = (await operation.fetchAll()) as Rows;
    await operation.close();
    return result;
  };
  const failure = async (run: Promise<unknown>): Promise<{ message: string; sqlState?: string }> =>
    run.then(
      () => {
        throw new Error('expected to fail');
      },
      (error: unknown) => error as { message: string; sqlState?: string },
    );
  const last = () => {
    const record = workspace.received.statements().at(-1);
    if (!record) throw new Error('no statement');
    return record;
  };

  before(async () => {
    workspace = await startLocalWorkspace({
      tokens: [{ name: 'ours', tokens: ['secret'], clientId: 'id', clientSecret: 'machine' }],
      cloudFetch: { maxRowsPerFile: 5000, linksPerFetch: 3 },
    });
    client = await connect();
    session = await client.openSession({ initialCatalog: 'main', configuration: { TIMEZONE: 'UTC' } });
  });
  after(async () => {
    await session.close();
    await client.close();
    await workspace.close();
  });

  it('opens a session with catalog and configuration, and closes it', async () => {
    const other = await client.openSession({ initialCatalog: 'samples', configuration: { TIMEZONE: 'UTC' } });
    const operation = await other.executeStatement('SELECT current_catalog() AS c');
    expect(await operation.fetchAll()).to.deep.equal([{ c: 'samples' }]);
    await other.close();
    const record = workspace.received.sessions().find(({ sessionId }) => sessionId === other.id);
    expect(record).to.deep.include({ protocol: 'sea', configuration: { TIMEZONE: 'UTC' }, tenant: 'ours' });
    expect(record?.closedAt).to.be.a('number');
  });

  it('executes a statement in one call and closes it in another', async () => {
    const operation = await session.executeStatement('SELECT 1 AS one');
    expect(await operation.fetchAll()).to.deep.equal([{ one: 1 }]);
    await operation.close();
    expect(last()).to.include({
      statementId: operation.id,
      sessionId: session.id,
      protocol: 'sea',
      outcome: 'succeeded',
      resultFormat: 'inline-arrow',
      compressed: true,
      polls: 0,
      closedBy: 'client',
    });
    const calls = workspace.received
      .requests({ route: 'sea' })
      .filter(({ statementId }) => statementId === operation.id);
    expect(calls.map(({ rpc }) => rpc)).to.deep.equal(['ExecuteStatement', 'CloseStatement']);
  });

  it('sends the query tags of a statement', async () => {
    const operation = await session.executeStatement('SELECT 1 AS one', { queryTags: { team: 'a:b', dev: null } });
    await operation.close();
    expect(last().queryTags).to.equal('team:a\\:b,dev');
  });

  it('submits a statement and polls it', async () => {
    const operation = await session.executeStatement('SELECT sleep(0.4) AS s', { runAsync: true });
    expect(await operation.fetchAll()).to.deep.equal([{ s: 0 }]);
    await operation.close();
    expect(last().polls).to.be.at.least(2);
  });

  it('reads every type', async () => {
    const columns: [sql: string, value: unknown][] = [
      ['true', true],
      ['CAST(-1 AS TINYINT)', -1],
      ['CAST(2 AS SMALLINT)', 2],
      ['3', 3],
      ['CAST(4 AS BIGINT)', 4],
      ['CAST(1.5 AS FLOAT)', 1.5],
      ['CAST(2.5 AS DOUBLE)', 2.5],
      ['CAST(-12.34 AS DECIMAL(10,2))', -12.34],
      ["'☃'", '☃'],
      ["X'00ff'", Buffer.from([0, 255])],
      ["DATE'2024-02-29'", new Date('2024-02-29T00:00:00Z')],
      ["TIMESTAMP'2024-02-29 01:02:03.456'", new Date('2024-02-29T01:02:03.456Z')],
      ["INTERVAL '1-2' YEAR TO MONTH", '1-2'],
      ["INTERVAL '-1 02:03:04.5' DAY TO SECOND", '-1 02:03:04.500000000'],
      ['array(1, NULL)', [1, null]],
      ["map('k', 1)", { k: 1 }],
      ["named_struct('x', 1)", { x: 1 }],
      ['NULL', null],
    ];
    const sql = `SELECT ${columns.map(([expression], i) => `${expression} AS c${i}`).join(', ')}`;
    const expected = Object.fromEntries(columns.map(([, value], i) => [`c${i}`, value]));
    expect(await rows(sql)).to.deep.equal([expected]);
  });

  it('gets the rows that Thrift gets', async () => {
    const thrift = new DBSQLClient({ logger: quietLogger });
    await thrift.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
    const other = await thrift.openSession();
    const statements = [
      `SELECT 1 AS x, 'hello' AS s, true AS b, CAST(1.5 AS DECIMAL(10,2)) AS d, DATE'2026-01-01' AS dt`,
      `SELECT CAST(id AS INT) AS i, id / 3 AS d, CASE WHEN id % 2 = 0 THEN concat('n', id) END AS s FROM range(7000)`,
      `SELECT array(named_struct('a', 1, 'b', map('k', 1.5))) AS nested, X'00ff' AS bin`,
      `SELECT * FROM VALUES (INTERVAL '1' DAY), (INTERVAL '2 03:00:00' DAY TO SECOND) AS t(v)`,
      'SELECT 1 AS x WHERE false',
    ];
    for (const sql of statements) {
      const operation = await other.executeStatement(sql);
      expect(await rows(sql), sql).to.deep.equal(await operation.fetchAll());
      await operation.close();
    }
    await other.close();
    await thrift.close();
  });

  it('reads a large result from many files, all its rows in order', async () => {
    const result = await rows(`SELECT id, repeat('x', 50) AS s FROM range(42000)`);
    expect(result.map(({ id }) => id)).to.deep.equal(Array.from({ length: 42000 }, (_row, i) => i));
    expect(last()).to.include({ resultFormat: 'cloudfetch', filesOffered: 9, rows: 42000 });
    expect(last().files.every(({ downloads }) => downloads.some(({ status }) => status === 200))).to.equal(true);
    expect(last().fetches).to.be.at.least(2);
  });

  it('gets a new link for one that has expired', async () => {
    workspace.faults.add({ rpc: 'ExecuteStatement', expireLinks: true, times: 1 });
    const result = await rows(`SELECT id, repeat('x', 50) AS s FROM range(21000)`);
    expect(result).to.have.length(21000);
    expect(workspace.received.requests({ rpc: 'GetResultChunk' })).to.not.have.length(0);
  });

  it('binds parameters by name and by place', async () => {
    const named = {
      i: 5,
      n: null,
      e: '',
      m: new DBSQLParameter({ type: DBSQLParameterType.INTERVALMONTH, value: '2' }),
    };
    expect(await rows('SELECT :i AS i, :n AS n, :e AS e, :m AS m', { namedParameters: named })).to.deep.equal([
      { i: 5, n: null, e: '', m: '0-2' },
    ]);
    expect(await rows('SELECT ? AS a, ? AS b', { ordinalParameters: [true, 2.5] })).to.deep.equal([
      { a: true, b: 2.5 },
    ]);
  });

  it('tells what failed, with SQLSTATE', async () => {
    const error = await failure(rows('SELECT * FROM nowhere'));
    expect(error.sqlState).to.equal('42P01');
    expect(error.message).to.contain('TABLE_OR_VIEW_NOT_FOUND');
    expect((await failure(rows('SELECT 1/0'))).sqlState).to.equal('22012');
    expect((await failure(rows('SELEC 1'))).sqlState).to.equal('42601');
  });

  it('cancels a running statement', async () => {
    const operation = await session.executeStatement('SELECT count(*) FROM range(1000000000) a, range(1000) b', {
      runAsync: true,
    });
    await operation.cancel();
    expect(last().outcome).to.equal('cancelled');
    await operation.close();
  });

  it('lists what Thrift has calls for', async () => {
    await rows('CREATE TABLE parent (a INT NOT NULL PRIMARY KEY, b STRING)');
    await rows('CREATE TABLE child (x INT REFERENCES parent (a))');
    type Listing = Awaited<ReturnType<Session['getCatalogs']>>;
    const list = async (started: Promise<Listing>): Promise<Rows> => {
      const operation = await started;
      const result = (await operation.fetchAll()) as Rows;
      await operation.close();
      return result;
    };
    const parent = { catalogName: 'main', schemaName: 'default', tableName: 'parent' };
    expect(await list(session.getCatalogs())).to.deep.include({ TABLE_CAT: 'main' });
    expect(await list(session.getSchemas({}))).to.deep.include({ TABLE_SCHEM: 'default', TABLE_CATALOG: 'samples' });
    expect(await list(session.getSchemas({ catalogName: 'main', schemaName: 'def%' }))).to.have.length(1);
    expect(
      (await list(session.getTables({ catalogName: 'main', tableName: 'par%' }))).map((row) => row['TABLE_NAME']),
    ).to.deep.equal(['parent']);
    expect(await list(session.getTables({ catalogName: 'main', tableTypes: ['VIEW'] }))).to.deep.equal([]);
    const columns = await list(session.getColumns(parent));
    expect(columns.map((row) => [row['COLUMN_NAME'], row['TYPE_NAME'], row['IS_NULLABLE']])).to.deep.equal([
      ['a', 'INT', 'NO'],
      ['b', 'STRING', 'YES'],
    ]);
    expect(await list(session.getTypeInfo())).to.not.have.length(0);
    expect(await list(session.getFunctions({ catalogName: 'main', functionName: 'a%' }))).to.be.an('array');
    expect((await list(session.getPrimaryKeys(parent))).map((row) => row['COLUMN_NAME'])).to.deep.equal(['a']);
    const [reference] = await list(
      session.getCrossReference({
        parentCatalogName: 'main',
        parentSchemaName: 'default',
        parentTableName: 'parent',
        foreignCatalogName: 'main',
        foreignSchemaName: 'default',
        foreignTableName: 'child',
      }),
    );
    expect(reference).to.include({ PKCOLUMN_NAME: 'a', FKCOLUMN_NAME: 'x' });
  });

  it('survives a server that is busy for a while', async () => {
    workspace.faults.add({
      route: 'sea',
      rpc: 'ExecuteStatement',
      status: 503,
      headers: { 'retry-after': '1' },
      times: 1,
    });
    expect(await rows('SELECT 1 AS x')).to.deep.equal([{ x: 1 }]);
  });

  it('is refused with a wrong token', async () => {
    const stranger = await connect({ token: 'wrong' });
    expect((await failure(stranger.openSession())).message).to.contain('401');
  });

  it('connects as a machine', async () => {
    const { token: _token, ...settings } = workspace.kernelConnectionOptions;
    const machine = new DBSQLClient({ logger: quietLogger });
    await machine.connect({
      ...settings,
      authType: 'databricks-oauth',
      oauthClientId: 'id',
      oauthClientSecret: 'machine',
      telemetryEnabled: false,
    });
    const opened = await machine.openSession();
    const operation = await opened.executeStatement('SELECT current_user() AS me');
    expect(await operation.fetchAll()).to.deep.equal([{ me: 'ours@example.com' }]);
    await opened.close();
    await machine.close();
  });

  it('goes through a proxy', async () => {
    const proxy = await startConnectProxy();
    try {
      const proxied = await connect({ proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } });
      const through = await proxied.openSession();
      await through.close();
      await proxied.close();
      expect(proxy.tunnels.map(({ target }) => target)).to.include(workspace.kernelConnectionOptions.host);
    } finally {
      await proxy.close();
    }
  });

  it('closes what is open in a session with it', async () => {
    const other = await client.openSession();
    const running = await other.executeStatement('SELECT sleep(30)', { runAsync: true });
    await other.close();
    const [record] = workspace.received.statements({ statementId: running.id });
    expect(record?.outcome).to.be.oneOf(['closed', 'cancelled']);
  });
});
