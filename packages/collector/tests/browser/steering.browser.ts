import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, holds, settled } from './support/Browsing';
import { rowOf } from './support/reading';

const HASH = '#/configuration?service=shop';

/** A process asks for its configuration, as the library does once a minute. */
async function ask({ collector }: TestCollector, processId: string, service = 'shop', token?: string): Promise<void> {
  const response = await fetch(`${collector.address}/api/2.0/connector-service/feature-flags/NODEJS/2.1.0`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ service, processId, options: { telemetryEnabled: { value: true, setBy: 'constructor' } } }),
  });
  expect(response.status).to.equal(200);
}

const switchOff = async (page: Page): Promise<void> => {
  await page.getByRole('switch', { name: 'Telemetry' }).click();
  await page.getByRole('button', { name: 'Apply to shop' }).click();
};

describe('steering from the page', () => {
  let browsing: Browsing;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());

  it('says how many processes have taken a change up, without a reload', async () => {
    const test = await testCollector();
    for (const process of ['one', 'two']) await ask(test, process);
    const { page, troubles, close } = await browsing.visit(test.collector.address, HASH, { hurried: true });
    await settled(page);
    expect(await page.locator('main').innerText()).to.include('2 processes; a change is taken up within a minute');
    await switchOff(page);
    await page.getByText('the last change is taken up by 0 of 2 processes').waitFor();
    await ask(test, 'two');
    await page.getByText('the last change is taken up by 1 of 2 processes').waitFor();
    expect(troubles).to.deep.equal([]);
    await close();
    await test.end();
  });

  it('changes nothing before it is applied, keeps what is prepared while others ask, and lets it be discarded', async () => {
    const test = await testCollector();
    await ask(test, 'one');
    const statements = Array.from({ length: 12 }, (_, i) =>
      statementLog({ sessionId: 's', local: { outcome: i < 2 ? 'failed' : 'delivered' } }),
    );
    await deliver(test.collector.address, [sessionLog({ sessionId: 's', service: 'shop' }), ...statements]);
    await loaded(test.client, 13);
    const { page, close } = await browsing.visit(test.collector.address, HASH);
    await settled(page);
    await page.getByRole('button', { name: '1 in 10', exact: true }).click();
    const question = page.locator('form.apply');
    expect(await question.innerText()).to.include('Change sampling to 1 in 10 for 1 process?');
    // Two of the twelve failed, and are sent whatever the rate.
    await page.getByText('about 3 statements a day instead of 12').waitFor();
    await ask(test, 'other', 'another-service');
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'another-service' }).waitFor();
    expect(await question.innerText()).to.include('Change sampling to 1 in 10 for 1 process?');
    expect((await test.client.configuration()).rules).to.deep.equal([]);
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await question.count()).to.equal(0);
    await close();
    await test.end();
  });

  it('shows who decides and which options are in effect, and lists what was changed, by whom', async () => {
    const test = await testCollector();
    await ask(test, 'one');
    const { page, close } = await browsing.visit(test.collector.address, HASH);
    await settled(page);
    expect(await rowOf(page, 'Options in effect', 'telemetryEnabled')).to.deep.equal([
      ...['telemetryEnabled', 'true', 'constructor'],
    ]);
    const chain = page.locator('.chain');
    expect(await chain.innerText()).to.match(/application \(constructor\): on\s+here: –\s+→\s+on where asked for/);
    await page.getByRole('button', { name: 'ERROR', exact: true }).click();
    expect(await page.locator('form.apply').innerText()).to.include('Change the level to ERROR for 1 process?');
    await page.getByRole('switch', { name: 'Telemetry' }).click();
    expect(await chain.innerText()).to.match(/here: off\s+→\s+off$/);
    await page.getByLabel('Your name').fill('Jane');
    await page.getByRole('button', { name: 'Apply to shop' }).click();
    await page.getByText('off here').waitFor();
    const changes = page.locator('section', { hasText: 'Last changes' }).locator('tbody tr');
    expect((await changes.first().locator('td').allInnerTexts()).slice(1)).to.deep.equal([
      ...['telemetry off, level ERROR', 'shop', 'Jane'],
    ]);
    await close();
    await test.end();
  });

  it('says that a token may only read, takes another one, and then does as it is told', async () => {
    const test = await testCollector({
      send: { tokens: ['sending-4711'] },
      read: { tokens: ['reading-4711'] },
      admin: { tokens: ['steering-4711'] },
    });
    await ask(test, 'one', 'shop', 'sending-4711');
    const { page, close } = await browsing.visit(test.collector.address, HASH);
    await page.getByLabel('Token').fill('reading-4711');
    await page.keyboard.press('Enter');
    await settled(page);
    await switchOff(page);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).to.include('This token may only read.');
    await page.getByRole('button', { name: 'Enter another token' }).click();
    await page.getByLabel('Token').fill('steering-4711');
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Telemetry' }).waitFor();
    await switchOff(page);
    await holds(page, "/off here/.test(document.querySelector('main').innerText)");
    await close();
    await test.end();
  });
});
