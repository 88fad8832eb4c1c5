import type { Operation } from '../support/application';
import { fetchAll, FILES, INLINE, LINKS, METADATA, QUERY, SLOW } from './building';
import type { ExpectedRow, Scenario, World } from './Scenario';

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

export const results: Scenario[] = [
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

export const lists: Scenario[] = [
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
