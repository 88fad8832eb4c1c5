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
