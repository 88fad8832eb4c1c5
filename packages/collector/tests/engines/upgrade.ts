import { expect } from 'chai';
import { startCollector, type CollectorOptions } from 'databricks-telemetry-collector';
import { engineOf } from '../../lib/engineOptions';
import { settingsOf } from '../../lib/options';
import { ClickHouse } from '../../lib/store/clickhouse/ClickHouse';
import { Databricks } from '../../lib/store/databricks/Databricks';
import { TABLES } from '../../lib/store/shared/tables';
import type { Warehouse } from '../../lib/store/shared/Warehouse';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';

function warehouseOf(options: CollectorOptions): Warehouse {
  const settings = engineOf(settingsOf(options));
  switch (settings.kind) {
    case 'clickhouse':
      return new ClickHouse(settings.clickhouse, settings.timeoutMs);
    case 'databricks':
      return new Databricks(settings.databricks, settings);
    case 'duckdb':
      throw new Error('Nobody shares it.');
  }
}

/** Makes the version that the tables say they are of. */
async function setVersion(warehouse: Warehouse, value: number): Promise<void> {
  await warehouse.remove(TABLES.meta, '"value" >= 0');
  await warehouse.append(TABLES.meta, [{ name: 'version', value, setMs: 0 }], `version-${value}-${Date.now()}`);
}

/**
 * A store of version 1 opens with all that it holds, and a newer one is refused. `asVersion1`: what makes the tables of
 * this version those of version 1, which had neither `failedFileStatus` nor rules.
 */
export async function opensVersion1(options: CollectorOptions, asVersion1: () => Promise<void>): Promise<void> {
  const ids = ['one', 'two', 'three'];
  let test = await testCollector(options);
  await deliver(test.collector.address, [
    sessionLog({ service: 'checkout' }),
    ...ids.map((statementId) => statementLog({ statementId, latencyMs: 40, local: { rowCount: 7 } })),
  ]);
  await loaded(test.client, 4);
  const before = (await test.client.statements()).statements;
  expect(before).to.have.lengthOf(3);
  await test.collector.close();
  const warehouse = warehouseOf(options);
  await asVersion1();
  await setVersion(warehouse, 1);
  const found = await warehouse.rows(`SELECT * FROM ${TABLES.statements.name} LIMIT 1`);
  expect(Object.keys(found[0] ?? {}))
    .to.include('latencyMs')
    .and.not.include('failedFileStatus');

  test = await testCollector(options, test.data);
  const second = await testCollector(options);
  for (const { client } of [test, second]) expect((await client.statements()).statements).to.deep.equal(before);
  const late = { statementId: 'one', local: { filesFailed: 1, failedFileStatus: 403 } };
  await deliver(second.collector.address, [statementLog(late), statementLog({ ...late, statementId: 'four' })]);
  await loaded(second.client, 6);
  await test.client.setRule({ scope: 'service', name: 'checkout', level: 'WARN' });
  for (const { client } of [test, second]) {
    expect((await client.statement('one')).statement).to.include({
      failedFileStatus: 403,
      rowCount: 7,
      service: 'checkout',
    });
    expect((await client.statements()).statements).to.have.lengthOf(4);
    expect((await client.configuration()).rules).to.have.lengthOf(1);
  }
  const [row] = await warehouse.rows(`SELECT max("value") AS version FROM ${TABLES.meta.name}`);
  expect(row).to.deep.equal({ version: 2 });
  await second.end();
  await test.end();

  await setVersion(warehouse, 99);
  const newer: unknown = await startCollector({ ...options, port: 0, data: test.data }).catch(
    (error: unknown) => error,
  );
  expect((newer as Error).message).to.match(/^The store has version 99; this release reads up to 2\./);
  await warehouse.close();
}
