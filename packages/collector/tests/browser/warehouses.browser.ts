import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { rowOf } from './support/reading';

const ID = '1a2b3c4d5e6f7081';

describe('warehouses that whoever runs the collector has named', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    [browsing, test] = await Promise.all([Browsing.start(), testCollector({ warehouseNames: { [ID]: 'serving-s' } })]);
    // The second one has no name; its id is one that every object answers to.
    const logs = [ID, 'constructor'].flatMap((warehouse) => [
      sessionLog({ sessionId: warehouse, warehouse }),
      statementLog({ sessionId: warehouse, statementId: `of-${warehouse}`, latencyMs: 5 }),
    ]);
    await deliver(test.collector.address, logs);
    await loaded(test.client, logs.length);
  });
  after(async () => {
    await browsing.close();
    await test.end();
  });

  it('are called so on every page, with their id beside the name, and filtered by the id', async () => {
    const { page, troubles, close } = await browsing.visit(test.collector.address, '#/fleet?r=1h');
    await settled(page);
    expect((await rowOf(page, 'Warehouses', 'serving-s'))[0]).to.equal(`serving-s ${ID}`);
    expect((await rowOf(page, 'Warehouses', 'constructor'))[0]).to.equal('constructor');
    await page.getByRole('button', { name: 'Warehouse', exact: true }).first().click();
    await page.getByRole('checkbox', { name: 'serving-s' }).click();
    await page.keyboard.press('Escape');
    expect(page.url()).to.include(`f.warehouse=${ID}`);
    for (const name of ['overview', 'statements', 'compare?by=warehouse', `statement/of-${ID}`]) {
      await page.evaluate(`location.hash = '#/${name}'`);
      await settled(page);
      expect(await page.locator('main').innerText(), name).to.include('serving-s');
    }
    expect(troubles).to.deep.equal([]);
    await close();
  });
});
