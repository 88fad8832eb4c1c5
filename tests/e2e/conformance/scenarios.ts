import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../support/application';
import { ENDLESS, FAILED, failing, fetchAll, FILES, INLINE, LINKS, METADATA, QUERY, SLOW } from './building';
import type { ExpectedRow, Scenario, World } from './harness';

function query(name: string, sql: string, row: ExpectedRow = QUERY, options: object = {}): Scenario {
  return {
    name,
    rows: [row],
    run: async (world) => {
      const operation = await world.session.executeStatement(sql, options);
      await fetchAll(world, operation);
      await operation.close();
    },
  };
}

function metadata(operationType: string, call: (world: World) => Promise<Operation>): Scenario {
  return {
    name: `${operationType} is one metadata row`,
    rows: [{ ...METADATA, operation: operationType }],
    run: async (world) => {
      const operation = await call(world);
      await fetchAll(world, operation);
      await operation.close();
    },
  };
}

const results: Scenario[] = [
  query('a small query with direct results', 'SELECT 1 AS one', { ...QUERY, direct: 'complete', firstRow: true }),
  query(
    'a small query without direct results',
    'SELECT 1 AS one',
    { ...QUERY, direct: 'none', firstRow: true },
    { maxRows: null },
  ),
  query('a query with named parameters', 'SELECT :a AS a', QUERY, { namedParameters: { a: 1 } }),
  query('a query with ordinal parameters', 'SELECT ? AS a', QUERY, { ordinalParameters: [1] }),
  query('an empty result', 'SELECT * FROM orders WHERE order_id < 0', { ...QUERY, firstRow: false }),
  query('a slow query is polled', SLOW, QUERY, { maxRows: null }),
  query('a slow query with direct results allowed', SLOW),
  query(
    'inline Arrow in several pages',
    'SELECT * FROM orders LIMIT 20000',
    { ...QUERY, direct: 'partial' },
    { ...INLINE, maxRows: 3000 },
  ),
  query(
    'inline Arrow, uncompressed',
    'SELECT * FROM orders LIMIT 2000',
    { ...QUERY, compressed: false },
    {
      ...INLINE,
      useLZ4Compression: false,
    },
  ),
  query(
    'inline Arrow, compressed',
    'SELECT * FROM orders LIMIT 2000',
    { ...QUERY, compressed: true },
    {
      ...INLINE,
      useLZ4Compression: true,
    },
  ),
  {
    ...query(
      'column-based results',
      'SELECT * FROM orders LIMIT 2000',
      { ...QUERY, format: 'COLUMNAR_INLINE' },
      INLINE,
    ),
    config: { arrowEnabled: false },
  },
  query('CloudFetch', FILES, LINKS),
  query('CloudFetch without direct results', FILES, LINKS, { maxRows: null }),
  { ...query('CloudFetch, one download at a time', FILES, LINKS), config: { cloudFetchConcurrentDownloads: 1 } },
];

const lists: Scenario[] = [
  metadata('LIST_CATALOGS', ({ session }) => session.getCatalogs()),
  metadata('LIST_SCHEMAS', ({ session }) => session.getSchemas({ catalogName: 'main' })),
  metadata('LIST_TABLES', ({ session }) => session.getTables({ tableName: '%' })),
  metadata('LIST_TABLE_TYPES', ({ session }) => session.getTableTypes()),
  metadata('LIST_COLUMNS', ({ session }) => session.getColumns({ tableName: 'orders' })),
  metadata('LIST_TYPE_INFO', ({ session }) => session.getTypeInfo()),
  metadata('LIST_FUNCTIONS', ({ session }) => session.getFunctions({ functionName: '%' })),
  metadata('LIST_PRIMARY_KEYS', ({ session }) =>
    session.getPrimaryKeys({ schemaName: 'default', tableName: 'orders' }),
  ),
  metadata('LIST_CROSS_REFERENCES', ({ session }) =>
    session.getCrossReference({
      parentCatalogName: 'main',
      parentSchemaName: 'default',
      parentTableName: 'customers',
      foreignCatalogName: 'main',
      foreignSchemaName: 'default',
      foreignTableName: 'orders',
    }),
  ),
  {
    name: 'getInfo is one metadata row without statement id',
    rows: [{ type: 'METADATA', format: undefined }],
    run: async ({ session }) => {
      await session.getInfo(18);
    },
  },
];

const reading: Scenario[] = [
  {
    name: 'fetchChunk until nothing is left',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 5000', INLINE);
      let rows = 0;
      do rows += (await operation.fetchChunk({ maxRows: 700 })).length;
      while (await operation.hasMoreRows());
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'iterateChunks with auto-close',
    rows: [LINKS],
    run: async (world) => {
      const operation = await world.session.executeStatement(FILES);
      await operation.finished();
      let rows = 0;
      for await (const chunk of operation.iterateChunks({ autoClose: true })) rows += chunk.length;
      world.saw(operation, rows);
    },
  },
  {
    name: 'iterateRows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 3000', INLINE);
      await operation.finished();
      let rows = 0;
      for await (const row of operation.iterateRows()) rows += row === undefined ? 0 : 1;
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'toNodeStream of rows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 3000', INLINE);
      await operation.finished();
      let rows = 0;
      for await (const _row of operation.toNodeStream({ mode: 'rows' })) rows += 1;
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'a break out of iterateRows is closed unread',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      for await (const _row of operation.iterateRows({ autoClose: true })) break;
    },
  },
  {
    name: 'a destroyed stream is closed unread',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      const stream = operation.toNodeStream({ mode: 'rows', iteratorOptions: { autoClose: true } });
      for await (const _row of stream) break;
      // It closes the operation after the loop has ended; a second close at the same time the server would refuse.
      if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
      await operation.close();
    },
  },
  {
    name: 'an exception of the application inside its loop is no error of the driver',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      await failing(
        (async () => {
          for await (const _row of operation.iterateRows({ autoClose: true })) throw new Error('of the application');
        })(),
      );
    },
  },
  {
    name: 'a result that is closed unread',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'closed_unfetched', consumed: false }],
    run: async ({ session }) => {
      await (await session.executeStatement('SELECT * FROM orders LIMIT 2000', INLINE)).close();
    },
  },
  {
    name: 'a session closed under a statement',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'session_closed', consumed: false }],
    run: async ({ session }) => {
      await session.executeStatement(FILES, { maxRows: null });
      await session.close();
    },
  },
  {
    name: 'operations interleaved in one session',
    rows: [QUERY, LINKS],
    run: async (world) => {
      const first = await world.session.executeStatement('SELECT * FROM orders LIMIT 4000', INLINE);
      const second = await world.session.executeStatement(FILES);
      let [firstRows, secondRows] = [0, 0];
      do {
        firstRows += (await first.fetchChunk({ maxRows: 1000 })).length;
        secondRows += (await second.fetchChunk({ maxRows: 4000 })).length;
      } while (await first.hasMoreRows());
      while (await second.hasMoreRows()) secondRows += (await second.fetchChunk({ maxRows: 9000 })).length;
      world.saw(first, firstRows);
      world.saw(second, secondRows);
      await Promise.all([first.close(), second.close()]);
    },
  },
  {
    name: 'the same text five times at once in one session',
    rows: [QUERY, QUERY, QUERY, QUERY, QUERY],
    run: async (world) => {
      await Promise.all(
        [1, 2, 3, 4, 5].map(async () => {
          const operation = await world.session.executeStatement('SELECT 7 AS seven');
          await fetchAll(world, operation);
          await operation.close();
        }),
      );
    },
  },
  {
    name: 'thinking between calls is not backend time',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await sleep(150);
      await fetchAll(world, operation);
      await sleep(150);
      await operation.close();
    },
  },
  {
    name: 'finished, schema and metadata before the rows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await operation.finished();
      await operation.getSchema();
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a second close and a second cancel change nothing',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one');
      await fetchAll(world, operation);
      await operation.close();
      await operation.close();
      await operation.cancel();
    },
  },
];

const CHANGED = { operation: 'EXECUTE_STATEMENT', type: 'UPDATE', outcome: 'delivered' } as const;
const UNKNOWN = { operation: 'EXECUTE_STATEMENT', type: 'SQL', outcome: 'closed_unfetched', consumed: false } as const;
const NO_TYPE = ['INSERT INTO no_such_table VALUES (1)', 'DROP TABLE no_such_table', 'SELECT * FROM no_such_table'];

const writes: Scenario[] = [
  {
    name: 'statements that change data',
    rows: [CHANGED, CHANGED, CHANGED],
    run: async ({ session }) => {
      for (const sql of [
        'CREATE OR REPLACE TABLE scratch (id INT, name STRING)',
        "INSERT INTO scratch VALUES (1, 'a'), (2, 'b')",
        'DROP TABLE scratch',
      ]) {
        const operation = await session.executeStatement(sql);
        await operation.fetchAll();
        await operation.close();
      }
    },
  },
  {
    name: 'statements that fail before it shows whether they are queries',
    rows: NO_TYPE.map(() => ({ ...FAILED, type: 'SQL' })),
    errors: NO_TYPE.map(() => ({ stage: 'fetch', sqlState: '42P01' })),
    run: async ({ session }) => {
      for (const sql of NO_TYPE) {
        const operation = await session.executeStatement(sql);
        await failing(operation.fetchAll());
        await operation.close();
      }
    },
  },
  {
    name: 'a change and a query that are closed before the server says anything of their results',
    rows: [UNKNOWN, UNKNOWN],
    run: async ({ session }) => {
      for (const sql of ["INSERT INTO customers SELECT * FROM customers WHERE name = 'nobody'", 'SELECT 1']) {
        const operation = await session.executeStatement(sql, { maxRows: null });
        await operation.close();
      }
    },
  },
  {
    name: 'a change that is cancelled',
    rows: [{ operation: 'EXECUTE_STATEMENT', type: 'SQL', outcome: 'cancelled', consumed: false }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(`CREATE OR REPLACE TABLE endless AS ${ENDLESS}`, {
        maxRows: null,
      });
      await operation.cancel();
      await operation.close();
    },
  },
];

const failures: Scenario[] = [
  {
    name: 'a syntax error',
    rows: [FAILED],
    errors: [{ stage: 'fetch', sqlState: '42601' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELEC 1');
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an unknown table',
    rows: [FAILED],
    errors: [{ stage: 'poll', sqlState: '42P01' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELECT * FROM no_such_table');
      await failing(operation.finished());
      await operation.close();
    },
  },
  {
    name: 'one failure that passes several calls is one error',
    rows: [FAILED],
    errors: [{ stage: 'fetch', sqlState: '42P01' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELECT * FROM no_such_table', { maxRows: null });
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an execute that the server rejects',
    rows: [FAILED],
    errors: [{ stage: 'execute', sqlState: '57014' }],
    run: async ({ session, workspace }) => {
      const error = { message: 'rejected', sqlState: '57014' };
      workspace.faults.add({ rpc: 'ExecuteStatement', error, times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'an execute whose connection is reset',
    rows: [{ ...FAILED, outcome: 'connection_lost' }],
    errors: [{ stage: 'execute', code: 'ECONNRESET' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'ExecuteStatement', action: 'reset', times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'an execute that is not authorised',
    rows: [FAILED],
    errors: [{ stage: 'execute' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'ExecuteStatement', status: 403, times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'a parameter error before anything is sent',
    rows: [FAILED],
    errors: [{ stage: 'execute' }],
    run: async ({ session }) => {
      await failing(session.executeStatement('SELECT :a', { namedParameters: { a: 1 }, ordinalParameters: [1] }));
    },
  },
  {
    name: 'a fetch that the server rejects',
    rows: [FAILED],
    errors: [{ stage: 'fetch' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement('SELECT * FROM orders LIMIT 2000', { ...INLINE, maxRows: null });
      workspace.faults.add({ rpc: 'FetchResults', error: { message: 'rejected', sqlState: 'XX000' }, times: 1 });
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an operation used after its close',
    rows: [QUERY],
    errors: [{ stage: 'fetch', code: 'CLOSED' }],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one');
      await fetchAll(world, operation);
      await operation.close();
      await failing(operation.fetchAll());
    },
  },
  {
    name: 'a metadata call that fails',
    rows: [{ operation: 'LIST_TABLES', type: 'METADATA', outcome: 'failed' }],
    errors: [{ stage: 'execute' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'GetTables', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(session.getTables());
    },
  },
];

const endings: Scenario[] = [
  {
    name: 'a running query cancelled by the client',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false }],
    errors: [{ stage: 'fetch', code: 'CANCELED' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(ENDLESS);
      const reading = failing(operation.fetchAll());
      await sleep(150);
      await operation.cancel();
      await reading;
      await operation.close();
    },
  },
  {
    name: 'a query cancelled while nobody waits',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(ENDLESS);
      await operation.cancel();
    },
  },
  {
    name: 'a failed cancel leaves the statement running',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled' }],
    errors: [{ stage: 'cancel' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement(ENDLESS);
      workspace.faults.add({ rpc: 'CancelOperation', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(operation.cancel());
      await operation.cancel();
    },
  },
  {
    name: 'a close that fails still ends the statement',
    rows: [{ ...QUERY, format: undefined, outcome: 'closed_unfetched', consumed: false }],
    errors: [{ stage: 'close' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await operation.finished();
      workspace.faults.add({ rpc: 'CloseOperation', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(operation.close());
    },
  },
];

const downloads: Scenario[] = [
  {
    name: 'a CloudFetch download that is retried',
    rows: [{ ...LINKS, retries: 1, causes: '503:1', files: { present: 'some', read: 'all', retried: 1 } }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      world.workspace.faults.add({ route: 'cloudfetch', status: 503, times: 1 });
      const operation = await world.session.executeStatement(FILES);
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a CloudFetch download that is refused',
    rows: [
      { ...LINKS, outcome: 'failed', consumed: false, files: { present: 'some', failed: 1, expired: 0, status: 403 } },
    ],
    errors: [{ name: 'Error', stage: 'download', httpStatus: 403, file: 2 }],
    config: { cloudFetchConcurrentDownloads: 1 },
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'cloudfetch', status: 403, skip: 2, times: 1 });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'a link that has expired',
    rows: [
      {
        ...LINKS,
        outcome: 'failed',
        consumed: false,
        files: { present: 'some', read: 0, failed: 1, expired: 1, status: undefined },
      },
    ],
    errors: [{ stage: 'download', file: 0 }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'thrift', expireLinks: true });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
];

const retries: Scenario[] = [
  {
    name: 'a status request that is retried',
    rows: [{ ...QUERY, retries: 2, causes: '503:2' }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      const operation = await world.session.executeStatement(SLOW, { maxRows: null });
      world.workspace.faults.add({ rpc: 'GetOperationStatus', status: 503, times: 2 });
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a metadata call that is retried',
    rows: [{ ...METADATA, operation: 'LIST_CATALOGS', retries: 1, causes: '503:1' }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      world.workspace.faults.add({ rpc: 'GetCatalogs', status: 503, times: 1 });
      const operation = await world.session.getCatalogs();
      await fetchAll(world, operation);
      await operation.close();
    },
  },
];

const optOuts: Scenario[] = [
  {
    name: 'a statement that opted out beside one of the same text that did not',
    rows: [QUERY],
    unobserved: 1,
    run: async (world) => {
      const quiet = { telemetryEnabled: false } as object;
      const [hidden, shown] = await Promise.all([
        world.session.executeStatement('SELECT 3 AS three', quiet),
        world.session.executeStatement('SELECT 3 AS three'),
      ]);
      await hidden.fetchAll();
      await hidden.close();
      await fetchAll(world, shown);
      await shown.close();
    },
  },
];

/** What happens → what arrives, for every supported version of the driver. */
export const SCENARIOS: ReadonlyArray<readonly [string, readonly Scenario[]]> = [
  ['results', results],
  ['metadata', lists],
  ['reading', reading],
  ['writing', writes],
  ['failures', failures],
  ['endings', endings],
  ['downloads', downloads],
  ['retries', retries],
  ['opting out', optOuts],
];
