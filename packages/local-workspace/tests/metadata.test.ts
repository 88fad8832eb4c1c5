import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';

type Rows = Record<string, unknown>[];

for (const { name, Client } of DRIVERS) {
  describe(`metadata calls, driver ${name}`, () => {
    let it_: Harness;

    before(async () => {
      it_ = await harness({ Client });
      await it_.rows('CREATE SCHEMA main.shop');
      await it_.rows(
        'CREATE TABLE main.shop.customers (id BIGINT NOT NULL, name STRING, balance DECIMAL(12, 2), tags ARRAY<STRING>, PRIMARY KEY (id))',
      );
      await it_.rows(
        'CREATE TABLE main.shop.orders (id BIGINT, customer BIGINT, at TIMESTAMP, FOREIGN KEY (customer) REFERENCES main.shop.customers (id))',
      );
      await it_.rows('CREATE VIEW main.shop.names AS SELECT name FROM main.shop.customers');
    });
    after(() => it_.close());

    const all = async (
      operation: Promise<{ fetchAll(): Promise<object[]>; close(): Promise<unknown> }>,
    ): Promise<Rows> => {
      const opened = await operation;
      const rows = await opened.fetchAll();
      await opened.close();
      return rows as Rows;
    };
    const values = (rows: Rows, column: string): unknown[] => rows.map((row) => row[column]);

    it('lists catalogs, schemas and table types', async () => {
      expect(values(await all(it_.session.getCatalogs()), 'TABLE_CAT')).to.deep.equal([
        'hive_metastore',
        'main',
        'samples',
        'system',
      ]);
      expect(values(await all(it_.session.getSchemas({ catalogName: 'main' })), 'TABLE_SCHEM')).to.deep.equal([
        'default',
        'shop',
      ]);
      expect(await all(it_.session.getSchemas({ catalogName: 'main', schemaName: 'sh%' }))).to.deep.equal([
        { TABLE_SCHEM: 'shop', TABLE_CATALOG: 'main' },
      ]);
      expect(values(await all(it_.session.getTableTypes()), 'TABLE_TYPE')).to.include.members(['TABLE', 'VIEW']);
    });

    it('lists tables by pattern and type', async () => {
      const tables = (request: object) =>
        all(it_.session.getTables({ catalogName: 'main', schemaName: 'shop', ...request }));
      expect(values(await tables({}), 'TABLE_NAME')).to.deep.equal(['customers', 'orders', 'names']);
      expect(values(await tables({ tableName: '%ers' }), 'TABLE_NAME')).to.deep.equal(['customers', 'orders']);
      expect(values(await tables({ tableName: 'order_' }), 'TABLE_NAME')).to.deep.equal(['orders']);
      expect(values(await tables({ tableName: 'order\\_' }), 'TABLE_NAME')).to.deep.equal([]);
      expect(values(await tables({ tableTypes: ['VIEW'] }), 'TABLE_NAME')).to.deep.equal(['names']);
    });

    it('lists what the catalog of every warehouse tells, with the types that queries of it have', async () => {
      const scope = { catalogName: 'system', schemaName: 'information_schema' };
      expect(await all(it_.session.getSchemas({ catalogName: 'system' }))).to.deep.equal([
        { TABLE_SCHEM: 'information_schema', TABLE_CATALOG: 'system' },
      ]);
      const tables = values(await all(it_.session.getTables(scope)), 'TABLE_NAME') as string[];
      expect(tables).to.include.members(['catalogs', 'schemata', 'tables', 'columns', 'views']);
      for (const tableName of tables) {
        const listed = await all(it_.session.getColumns({ ...scope, tableName: tableName.replaceAll('_', '\\_') }));
        const described = await it_.rows(`DESCRIBE system.information_schema.${tableName}`);
        expect(
          listed.map((row) => [row['COLUMN_NAME'], String(row['TYPE_NAME']).toLowerCase()]),
          tableName,
        ).to.deep.equal(described.map((row) => [row['col_name'], row['data_type']]));
      }
    });

    it('enters that catalog, and changes nothing in it', async () => {
      const session = await it_.client.openSession({ initialCatalog: 'system', initialSchema: 'information_schema' });
      const rows = async (sql: string): Promise<Rows> => all(session.executeStatement(sql));
      expect(await rows('SELECT current_catalog() AS c, current_schema() AS s')).to.deep.equal([
        { c: 'system', s: 'information_schema' },
      ]);
      expect(values(await rows('SELECT catalog_name FROM catalogs'), 'catalog_name')).to.include('main');
      expect(values(await rows('SHOW TABLES'), 'tableName')).to.include('tables');
      await rows('USE CATALOG main');
      await rows('USE system.information_schema');
      expect(values(await rows('SHOW SCHEMAS'), 'databaseName')).to.deep.equal(['information_schema']);
      await session.close();
      const states = {
        'CREATE CATALOG system': '42P06',
        'DROP CATALOG system': '42704',
        'CREATE SCHEMA system.mine': '42704',
        'CREATE TABLE system.mine.t (x INT)': '42704',
        'DROP SCHEMA system.information_schema': '42704',
        'CREATE TABLE system.information_schema.t (x INT)': '0A000',
      };
      for (const [sql, state] of Object.entries(states)) {
        expect((await it_.failure(sql)).sqlState, sql).to.equal(state);
      }
    });

    it('describes columns', async () => {
      const rows = await all(
        it_.session.getColumns({ catalogName: 'main', schemaName: 'shop', tableName: 'customers' }),
      );
      const brief = rows.map((row) => [
        row['COLUMN_NAME'],
        row['TYPE_NAME'],
        row['DATA_TYPE'],
        row['IS_NULLABLE'],
        row['ORDINAL_POSITION'],
      ]);
      expect(brief).to.deep.equal([
        ['id', 'BIGINT', -5, 'NO', 0],
        ['name', 'STRING', 12, 'YES', 1],
        ['balance', 'DECIMAL(12,2)', 3, 'YES', 2],
        ['tags', 'ARRAY<STRING>', 2003, 'YES', 3],
      ]);
      const one = await all(it_.session.getColumns({ schemaName: 'shop', columnName: 'bal%' }));
      expect(one[0]).to.include({ COLUMN_SIZE: 12, DECIMAL_DIGITS: 2, NUM_PREC_RADIX: 10 });
    });

    it('lists types and functions', async () => {
      expect(values(await all(it_.session.getTypeInfo()), 'TYPE_NAME')).to.include.members([
        'STRING',
        'DECIMAL',
        'TIMESTAMP_NTZ',
      ]);
      expect(values(await all(it_.session.getFunctions({ functionName: 'conca_' })), 'FUNCTION_NAME')).to.deep.equal([
        'concat',
      ]);
    });

    it('knows primary and foreign keys', async () => {
      const keys = await all(
        it_.session.getPrimaryKeys({ catalogName: 'main', schemaName: 'shop', tableName: 'customers' }),
      );
      expect(keys[0]).to.include({ TABLE_NAME: 'customers', COLUMN_NAME: 'id', KEY_SEQ: 1 });
      const references = await all(
        it_.session.getCrossReference({
          parentCatalogName: 'main',
          parentSchemaName: 'shop',
          parentTableName: 'customers',
          foreignCatalogName: 'main',
          foreignSchemaName: 'shop',
          foreignTableName: 'orders',
        }),
      );
      expect(references[0]).to.include({
        PKTABLE_NAME: 'customers',
        PKCOLUMN_NAME: 'id',
        FKTABLE_NAME: 'orders',
        FKCOLUMN_NAME: 'customer',
      });
    });

    it('records each call as what it was', () => {
      const rpcs = new Set(
        it_.workspace.received.statements().map(({ rpc, resultFormat }) => `${rpc} ${String(resultFormat)}`),
      );
      for (const rpc of ['GetCatalogs', 'GetSchemas', 'GetTables', 'GetColumns', 'GetTypeInfo', 'GetPrimaryKeys']) {
        expect(rpcs).to.include(`${rpc} columnar`);
      }
    });
  });
}
