import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { connect, type Session } from './drivers';
import { request } from './request';

/** What looks like a function and reads settings, statements, files or catalogs of the engine. */
const DANGEROUS: readonly string[] = [
  "enable_logging('QueryLog')",
  'enable_profiling()',
  'disable_logging()',
  'duckdb_logs()',
  'duckdb_settings()',
  'duckdb_tables()',
  'duckdb_secrets()',
  'pragma_database_list()',
  "pragma_table_info('people')",
  "query('SELECT 1')",
  "query_table('people')",
  "read_text('/etc/passwd')",
  "read_blob('/etc/passwd')",
  "read_csv('/etc/passwd')",
  "read_json('/etc/passwd')",
  "read_parquet('/tmp/x.parquet')",
  "glob('/*')",
  "parquet_metadata('/tmp/x.parquet')",
  "sniff_csv('/etc/passwd')",
  "current_setting('memory_limit')",
  "set_config('threads', '1')",
  "getenv('HOME')",
  "getvariable('x')",
  "sql_auto_complete('S')",
  "json_execute_serialized_sql('x')",
  'force_checkpoint()',
  "from_substrait('x')",
  "which_secret('x', 's3')",
];

/** A text as a literal. */
const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** Places where a function may stand. */
const PLACES: readonly ((call: string) => string)[] = [
  (call) => `SELECT ${call}`,
  (call) => `SELECT * FROM ${call}`,
  (call) => `SELECT 1 FROM (SELECT * FROM ${call}) x`,
  (call) => `SELECT (SELECT max(1) FROM ${call})`,
  (call) => `SELECT * FROM range(2), LATERAL ${call}`,
  (call) => `SELECT upper(CAST(${call} AS STRING))`,
  (call) => `SELECT transform(array(1), x -> ${call})`,
  (call) => `WITH a AS (SELECT * FROM ${call}) SELECT * FROM a`,
  (call) => `SELECT 1 WHERE EXISTS (SELECT * FROM ${call})`,
  (call) => `SELECT system.main.${call}`,
  (call) => `SELECT * FROM memory.main.${call}`,
  (call) => `SELECT \`${call.replace('(', '`(')}`,
  (call) => `SELECT * FROM \`${call.replace('(', '`(')}`,
  (call) => `CREATE OR REPLACE VIEW sneaky AS SELECT * FROM ${call}`,
  (call) => `CREATE OR REPLACE TABLE sneaky AS SELECT ${call} AS x`,
  (call) => `INSERT INTO people SELECT ${call}`,
  (call) => `UPDATE people SET id = ${call}`,
  (call) => `DELETE FROM people WHERE ${call} IS NULL`,
  (call) => `SELECT 1 ORDER BY ${call}`,
  (call) => `SELECT count(*) FILTER (WHERE ${call} IS NULL)`,
  (call) => `CREATE TABLE defaults (x STRING DEFAULT ${call})`,
  (call) => `CREATE TABLE checks (x STRING, CHECK (${call} IS NULL))`,
  (call) => `EXECUTE IMMEDIATE ${quoted(`SELECT ${call}`)}`,
  (call) => `EXECUTE IMMEDIATE ${quoted(`SELECT * FROM ${call}`)}`,
  (call) => `SELECT IDENTIFIER('${call.replace('(', "')(")}`,
  (call) => `SELECT * FROM IDENTIFIER('${call.replace('(', "')(")}`,
  (call) => `SELECT IDENTIFIER('system.main.${call.replace('(', "')(")}`,
  (call) => `MERGE INTO people USING (SELECT ${call} AS id) AS s ON people.id = s.id WHEN MATCHED THEN DELETE`,
  (call) => `SELECT 1 GROUP BY ${call}`,
  (call) => `SELECT struct(${call} AS a)`,
  (call) => `ALTER TABLE people ADD CONSTRAINT c CHECK (${call} IS NULL)`,
  (call) => `ALTER TABLE people ALTER COLUMN id SET DEFAULT ${call}`,
  (call) => `INSERT INTO people REPLACE WHERE ${call} IS NULL SELECT 1 AS id`,
  (call) => `INSERT INTO people REPLACE WHERE id = 1 SELECT ${call}`,
  (call) => `MERGE INTO people USING (SELECT 1 AS id) AS s ON ${call} IS NULL WHEN MATCHED THEN DELETE`,
  (call) =>
    `MERGE INTO people USING (SELECT 1 AS id) AS s ON people.id = s.id WHEN MATCHED AND ${call} IS NULL THEN DELETE`,
  (call) =>
    `MERGE INTO people USING (SELECT 1 AS id) AS s ON people.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (${call})`,
  (call) => `CREATE TABLE sneaky AS VALUES (${call})`,
  (call) => `ALTER TABLE people ADD COLUMN x STRING DEFAULT ${call} FIRST`,
  (call) => `ALTER TABLE people REPLACE COLUMNS (id ${call})`,
  (call) => `DESCRIBE TABLE people ${call}`,
  (call) => `DESCRIBE SCHEMA ${call}`,
  (call) => `ALTER VIEW seen AS SELECT ${call} AS x`,
  (call) => `ALTER VIEW seen AS SELECT * FROM ${call}`,
  (call) => `DESCRIBE QUERY SELECT * FROM ${call}`,
  (call) => `CACHE TABLE ${call}`,
  (call) => `CREATE TABLE copied CLONE ${call}`,
];

const RELATIONS: readonly string[] = [
  'duckdb_logs',
  'duckdb_tables',
  'duckdb_settings',
  'pragma_database_list',
  'sqlite_master',
  'pg_catalog.pg_class',
  'main.duckdb_tables',
  'system.main.duckdb_tables',
  'temp.main.x',
  'memory.main.x',
  '`/etc/passwd`',
  '`/etc/passwd.csv`',
  '`https://example.com/x.parquet`',
];

async function stateOf(session: Session, sql: string): Promise<string> {
  try {
    const operation = await session.executeStatement(sql);
    await operation.fetchAll();
    return 'none';
  } catch (error) {
    const { message, response } = error as { message: string; response?: { sqlState?: string } };
    return response?.sqlState ?? /SQLSTATE: (\w{5})/.exec(message)?.[1] ?? message;
  }
}

describe('tenants', function () {
  this.timeout(90_000);

  let workspace: LocalWorkspace;
  let red: Session;
  let blue: Session;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    workspace = await startLocalWorkspace({
      tokens: [
        { name: 'red', tokens: ['red-token'] },
        { name: 'blue', tokens: ['blue-token'] },
      ],
      adminToken: 'admin',
      limits: { memoryBytes: 512 * 1024 * 1024, statementMs: 60_000 },
    });
    const open = async (token: string): Promise<Session> => {
      const client = await connect({ ...workspace, connectionOptions: { ...workspace.connectionOptions, token } });
      const session = await client.openSession();
      closing.push(async () => client.close());
      return session;
    };
    red = await open('red-token');
    blue = await open('blue-token');
    await (await red.executeStatement('CREATE TABLE people (id STRING)')).close();
    await (await red.executeStatement('CREATE VIEW seen AS SELECT id FROM people')).close();
  });
  after(async () => {
    for (const close of closing) await close();
    await workspace.close();
  });

  for (const call of DANGEROUS) {
    it(`refuses ${call} wherever it stands`, async () => {
      for (const place of PLACES) {
        const sql = place(call);
        expect(await stateOf(red, sql), sql).to.be.oneOf(['42883', '0A000', '42601', '42K09', '42703', '42P01']);
      }
    });
  }

  for (const relation of RELATIONS) {
    it(`has no relation ${relation}`, async () => {
      for (const sql of [
        `SELECT * FROM ${relation}`,
        `SELECT count(*) FROM ${relation} AS r`,
        `DESCRIBE ${relation}`,
        `DESCRIBE DETAIL ${relation}`,
        `SHOW CREATE TABLE ${relation}`,
        `SHOW PARTITIONS ${relation}`,
        `CREATE TABLE copied SHALLOW CLONE ${relation}`,
        `CREATE TABLE copied LIKE ${relation}`,
        `ALTER TABLE ${relation} ADD CONSTRAINT c CHECK (1 = 1)`,
        `CACHE TABLE ${relation}`,
        `REFRESH TABLE ${relation}`,
      ]) {
        expect(await stateOf(red, sql), sql).to.be.oneOf(['42P01', '42601', '42704']);
      }
    });
  }

  it('names a function of Spark that is missing here, and knows no other', async () => {
    const failure = async (sql: string): Promise<string> =>
      (await red.executeStatement(sql)).fetchAll().then(
        () => 'none',
        (error: unknown) => (error as Error).message,
      );
    expect(await failure("SELECT xpath_string('<a/>', 'a')"))
      .to.contain('xpath_string()')
      .and.contain('0A000');
    expect(await failure('SELECT list_sort(array(1))'))
      .to.contain('`list_sort`')
      .and.contain('42883');
  });

  /** What a small statement takes on this machine as it is: others may be at work on it. */
  const undisturbed = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const startedAt = performance.now();
      await (await blue.executeStatement(`SELECT ${i} AS x, count(*) AS n FROM range(1000)`)).fetchAll();
      times.push(performance.now() - startedAt);
    }
    times.sort((a, b) => a - b);
    return times[7] ?? 0;
  };

  it('answers SELECT 1 of one tenant while eight endless statements of another run', async () => {
    const medianMs = await undisturbed();
    const endless = await Promise.all(
      Array.from({ length: 8 }, () =>
        red.executeStatement('SELECT count(*) FROM range(1000000000000) WHERE id * id % 7 = 3', { runAsync: true }),
      ),
    );
    try {
      await (await blue.executeStatement('SELECT 1')).fetchAll();
      const times: number[] = [];
      for (let i = 0; i < 15; i++) {
        const startedAt = performance.now();
        await (await blue.executeStatement(`SELECT ${i} AS x, count(*) AS n FROM range(1000)`)).fetchAll();
        times.push(performance.now() - startedAt);
      }
      times.sort((a, b) => a - b);
      const limitMs = Math.max(200, 20 * medianMs);
      expect(times[7], `median of ${times.map(Math.round).join(', ')} ms`).to.be.below(limitMs);
    } finally {
      await Promise.all(endless.map((operation) => operation.cancel()));
    }
  }).retries(2); // It measures time.

  it('answers SELECT 1 while endless rows of another tenant are read', async () => {
    const medianMs = await undisturbed();
    const endless = await Promise.all(
      Array.from({ length: 8 }, () =>
        red.executeStatement('SELECT id FROM range(1000000000000) WHERE id % 999999999 = 5', { runAsync: true }),
      ),
    );
    try {
      const startedAt = performance.now();
      for (let i = 0; i < 5; i++) await (await blue.executeStatement('SELECT 1')).fetchAll();
      expect((performance.now() - startedAt) / 5).to.be.below(Math.max(200, 20 * medianMs));
    } finally {
      await Promise.all(endless.map((operation) => operation.cancel()));
    }
  }).retries(2); // It measures time.

  it('fails a statement that needs more memory than there is, and no other', async () => {
    const greedy = stateOf(
      red,
      "SELECT count(*) FROM (SELECT id, repeat('x', 200) || id AS s FROM range(20000000) ORDER BY s)",
    );
    expect(await stateOf(blue, 'SELECT 1')).to.equal('none');
    expect(await greedy).to.equal('53200');
    expect(await stateOf(red, 'SELECT 1')).to.equal('none');
  });

  describe('at the limit of time', () => {
    let limited: LocalWorkspace;
    before(async () => {
      limited = await startLocalWorkspace({ limits: { statementMs: 300 } });
    });
    after(() => limited.close());

    /** What has been ended stops at its next step; until then the next statement has less of the machine. */
    async function succeeds(session: Session, sql: string): Promise<void> {
      let state = '';
      for (let i = 0; i < 30 && state !== 'none'; i++) state = await stateOf(session, sql);
      expect(state).to.equal('none');
    }

    const FOLDS =
      'aggregate(sequence(1, 1000000), 0L, (a, x) -> a + aggregate(sequence(1, 1000000), 0L, (b, y) -> b + y))';
    for (const [what, sql, first] of [
      ['rows', 'SELECT count(*) FROM range(1000000000000) WHERE id * id % 7 = 3'],
      ['a loop in a loop of one value', `SELECT ${FOLDS}`],
      [
        'a loop for each element',
        'SELECT size(transform(sequence(1, 1000000), x -> size(filter(sequence(1, 5000), y -> y % x = 3))))',
      ],
      [
        'a comparator',
        'SELECT count(*) FROM (SELECT array_sort(sequence(1, 5000), (a, b) -> b - a + id) AS v FROM range(100000)) WHERE size(v) = 1',
      ],
      ['a view', 'SELECT * FROM endless', `CREATE OR REPLACE VIEW endless AS SELECT ${FOLDS} AS n`],
    ] as const) {
      it(`a statement ends, and the next runs: ${what}`, async () => {
        const client = await connect(limited);
        const session = await client.openSession();
        if (first !== undefined) await succeeds(session, first);
        const operation = await session.executeStatement(sql);
        const patience = new AbortController();
        const outcome: unknown = await Promise.race([
          operation.fetchAll().catch((error: unknown) => error),
          delay(30_000, 'it still runs', { signal: patience.signal }).catch(() => undefined),
        ]);
        patience.abort();
        expect(String(outcome)).to.match(/timed? ?out/i);
        await succeeds(session, 'SELECT aggregate(array(1, 2), 0, (a, x) -> a + x)');
        await client.close();
      });
    }
  });

  it('keeps no more of what it received than a bound of bytes: the oldest gives way', async () => {
    const { received } = workspace;
    for (const name of ['first', 'second', 'third']) {
      const log = JSON.stringify({ name, text: 'x'.repeat(10 * 2 ** 20) });
      const body = JSON.stringify({ uploadTime: Date.now(), items: [], protoLogs: [log] });
      const answer = await request(workspace, { method: 'POST', path: '/telemetry-unauth', body, timeoutMs: 20_000 });
      expect(answer.status).to.equal(200);
    }
    expect(received.telemetryLogs().map(({ log }) => log['name'])).to.deep.equal(['third']);
    expect(received.keptBytes).to.be.below(2 ** 27);
    received.clear();
  });

  it('refuses faults that mean nothing', async () => {
    const post = async (fault: unknown): Promise<number> => {
      const answer = await request(workspace, {
        method: 'POST',
        path: '/admin/faults',
        token: 'admin',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      return answer.status;
    };
    for (const fault of [
      {},
      { times: 1.5, status: 500 },
      { status: 99 },
      { status: 1000 },
      { delayMs: 1e12 },
      { bytesPerSecond: 0 },
      { headers: { 'a b': 'c' }, status: 500 },
      { headers: { a: 'c\r\nd: e' }, status: 500 },
      { rpc: 'FetchResults', route: 'cloudfetch', status: 500 },
      { rpc: 'FetchResults', route: 'sea', status: 500 },
      { rpc: 'GetStatement', route: 'thrift', status: 500 },
      { error: { message: 'x', sqlState: 'far too long' } },
      { unknown: 1 },
    ]) {
      expect(await post(fault), JSON.stringify(fault)).to.equal(400);
    }
    for (const fault of [{ route: 'cloudfetch' }, { route: 'sea', rpc: 'GetStatement' }, { rpc: 'ExecuteStatement' }]) {
      expect(await post({ ...fault, status: 503, times: 1, tenant: 'nobody' }), JSON.stringify(fault)).to.equal(201);
    }
  });
});
