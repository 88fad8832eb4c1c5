import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CollectorOptions } from '../lib/options';
import { testCollector, until, type TestCollector } from './testCollector';
import { withFaults } from './withFaults';

describe('a question that takes too long', function () {
  this.timeout(180_000);
  let faults: string;
  const slow = (): string => join(faults, 'slow');
  const asked = (test: TestCollector, signal?: AbortSignal): Promise<Response> =>
    fetch(`${test.collector.address}/api/v1/overview`, signal === undefined ? {} : { signal });
  /** A collector whose questions take hours while the file `slow` is there. */
  const slowCollector = async (options: CollectorOptions = {}): Promise<TestCollector> => {
    const restore = withFaults(faults);
    const test = await testCollector(options).finally(restore);
    writeFileSync(slow(), '');
    return test;
  };
  beforeEach(() => (faults = mkdtempSync(join(tmpdir(), 'collector-faults-'))));
  afterEach(() => rmSync(faults, { recursive: true, force: true }));

  it('ends when nobody waits for it any more: others get their answers', async () => {
    const test = await slowCollector();
    const leaving = new AbortController();
    const left = Array.from({ length: 12 }, () => asked(test, leaving.signal).catch((error: unknown) => error));
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(slow());
    leaving.abort();
    await Promise.all(left);
    expect((await asked(test)).status).to.equal(200);
    await test.end();
  });

  it('waits with a thousand others at most: who comes beyond is refused, and answered when there is room', async () => {
    const test = await slowCollector({ requestsPerSecond: 1_000_000 });
    const leaving = new AbortController();
    const refused: string[] = [];
    const all = Array.from({ length: 1_050 }, async () => {
      const response = await asked(test, leaving.signal);
      refused.push([response.status, response.headers.get('retry-after'), await response.text()].join(' '));
    });
    const left = Promise.allSettled(all);
    await until(() => Promise.resolve(refused.length), (count) => count === 50); // prettier-ignore
    rmSync(slow());
    leaving.abort();
    await left;
    const refusal = '{"error":{"code":"too_many_questions","message":"1000 at a time are too many already."}}';
    expect(new Set(refused)).to.deep.equal(new Set([`429 5 ${refusal}`]));
    await until(() => asked(test), ({ status }) => status === 200); // prettier-ignore
    await test.end();
  });

  it('is answered with 503 after its time, and what the API says else goes on', async () => {
    const test = await slowCollector({ questionTimeoutMs: 2_000 });
    const refused = await asked(test);
    expect([refused.status, await refused.json()]).to.deep.equal([
      503,
      {
        error: {
          code: 'too_long',
          message: 'The answer took longer than 2000 ms. Ask for a shorter window, or with more filters.',
        },
      },
    ]);
    rmSync(slow());
    expect((await asked(test)).status).to.equal(200);
    await test.end();
  });
});
