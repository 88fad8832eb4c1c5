import { expect } from 'chai';
import { failingStore } from '../failingStore';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, post, testCollector, until } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { cardText } from './support/reading';

describe('what went wrong, where a reader looks for it', () => {
  let browsing: Browsing;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());

  it('data health says that the store refused rows, and where they are', async () => {
    const engine = failingStore();
    const test = await testCollector();
    engine.restore();
    await deliver(test.collector.address, [statementLog()]);
    await loaded(test.client, 1);
    const open = async (): Promise<string> => {
      const { page, close } = await browsing.visit(test.collector.address, '#/health?r=1h');
      await settled(page);
      const text = await cardText(page, 'Store and journal');
      await close();
      return text;
    };
    expect(await open()).to.match(/Put aside\s+nothing/);
    engine.begin('row');
    await deliver(test.collector.address, [statementLog({ statementId: 'poison' }), statementLog()]);
    await until(
      () => test.client.health(),
      ({ journal }) => journal.putAside === 1,
    );
    expect(await open()).to.match(/Put aside\s+1 row that the store refused/);
    await test.end();
    engine.remove();
  });

  it('data health names what was rejected and what was left out, and how often', async () => {
    const test = await testCollector();
    await deliver(test.collector.address, [
      sessionLog(),
      statementLog({ operation: { is_new_here: 1, retry_count: 'x' } }),
    ]);
    await post(test.collector.address, ['no JSON', 'no JSON either']);
    const { rejectedBy, unknownFields, invalidFields } = await until(
      () => test.client.health({ from: 0 }),
      ({ rejected, accepted }) => rejected === 2 && accepted === 2,
    );
    const { page, close } = await browsing.visit(test.collector.address, '#/health?r=1h');
    await settled(page);
    const left = await page.locator('section', { hasText: 'Left out' }).locator('tbody tr').allInnerTexts();
    const named = (what: string, counts: typeof rejectedBy): string[] =>
      counts.map(({ name, count }) => `${name}\t${what}\t${count}`);
    expect(left).to.have.members([
      ...named('record rejected', rejectedBy),
      ...named('value does not fit its field', invalidFields),
      ...named('field not known', unknownFields),
    ]);
    expect(left).to.have.lengthOf(3);
    await close();
    await test.end();
  });

  it('windows that end now end by the collector’s clock, when that of the browser is wrong', async () => {
    const test = await testCollector();
    await deliver(test.collector.address, [sessionLog(), statementLog({ latencyMs: 5 })]);
    await loaded(test.client, 2);
    for (const offMs of [-40 * 60_000, 3 * 3_600_000]) {
      const { page, close } = await browsing.visit(test.collector.address, '#/statements?r=15m');
      await page.addInitScript(`Date.now = () => ${Date.now() + offMs}`);
      await page.reload();
      await page.getByText('All 1 statement.').waitFor();
      await close();
    }
    await test.end();
  });

  it('a statement says which of its files was given up, with which status, and what that means', async () => {
    const test = await testCollector();
    await deliver(test.collector.address, [
      sessionLog({ sessionId: 's' }),
      statementLog({
        sessionId: 's',
        statementId: 'broken-download',
        latencyMs: 900,
        operation: {
          execution_result: 'EXTERNAL_LINKS',
          chunk_id: 2,
          chunk_details: { total_chunks_present: 8, total_chunks_iterated: 2 },
        },
        local: { filesFailed: 1, failedFileStatus: 503, outcome: 'failed' },
      }),
    ]);
    await loaded(test.client, 2);
    const { page, close } = await browsing.visit(test.collector.address, '#/statement/broken-download');
    await settled(page);
    const files = await cardText(page, 'CloudFetch files');
    expect(files).to.match(/First that failed\s+file 3 of 8, HTTP 503, the service was not available/);
    await close();
    await test.end();
  });
});
