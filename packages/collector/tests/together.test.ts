import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready, run, start } from './commandLine';
import { statementLog } from './logs';
import { deliver, loaded, post, testCollector, until, type TestCollector } from './testCollector';

const DAY_MS = 86_400_000;
const LOGS = 25;

async function allIds({ client }: TestCollector): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.statements({ from: 0, limit: 1_000, cursor });
    ids.push(...page.statements.flatMap(({ statementId }) => statementId ?? []));
    if (page.next === null) return ids.sort();
    cursor = page.next;
  }
}

describe('what happens at the same time', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'collector-together-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('SIGTERM under load: the process ends with 0, and all that it acknowledged is loaded, once', async () => {
    const data = join(folder, 'data');
    const child = start(['--port', '0', '--data', data]);
    const { address } = await ready(child);
    const acknowledged: string[] = [];
    let alive = true;
    const sender = async (): Promise<void> => {
      while (alive) {
        const ids = Array.from({ length: LOGS }, () => randomUUID());
        const logs = ids.map((statementId) => statementLog({ statementId }));
        const taken = await post(address, logs).then(
          async (response) => response.ok && ((await response.json()) as { numProtoSuccess: number }).numProtoSuccess,
          () => (alive = false),
        );
        if (taken === LOGS) acknowledged.push(...ids);
      }
    };
    const senders = Array.from({ length: 4 }, sender);
    await until(() => Promise.resolve(acknowledged.length), (count) => count >= 10 * LOGS); // prettier-ignore
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    alive = false;
    await Promise.all(senders);
    expect(code).to.equal(0);
    const test = await testCollector({}, data);
    expect((await test.client.health({ from: 0 })).journal.bytes).to.equal(0);
    expect(await allIds(test)).to.deep.equal(acknowledged.sort());
    await test.end();
  });

  it('backups while what is old is deleted and new logs come: each opens, with all from before or all from after', async () => {
    const test = await testCollector({ retentionDays: 4, recentDays: 1 }, join(folder, 'data'));
    const old = Array.from({ length: 200 }, (_, i) =>
      statementLog({ statementId: `${i % 10}-${i}`, timeMs: Date.now() - (i % 10) * DAY_MS - 1_000 }),
    );
    await deliver(test.collector.address, old);
    await loaded(test.client, old.length);
    const before = await allIds(test);
    const work = await Promise.all([
      test.client.backup(),
      test.client.expire(false),
      deliver(test.collector.address, [statementLog({ statementId: 'new' })]),
      test.client.backup(),
      test.client.expire(false),
      test.client.backup(),
    ]);
    const after = before.filter((id) => Number(id.split('-', 1)[0]) < 4);
    await until(() => allIds(test), (ids) => ids.includes('new')); // prettier-ignore
    expect(await allIds(test)).to.deep.equal([...after, 'new']);
    for (const backup of [work[0], work[3], work[5]]) {
      const data = mkdtempSync(join(folder, 'restored-'));
      cpSync(backup.folder, data, { recursive: true });
      const restored = await testCollector({ retentionDays: 365 }, data);
      const ids = (await allIds(restored)).filter((id) => id !== 'new');
      expect(ids).to.deep.equal(ids.length === before.length ? before : after);
      await restored.end();
    }
    const refused = await run(['restore', work[0].folder, '--data', test.data]);
    expect([refused.code, refused.err]).to.deep.equal([1, `${test.data} holds data already: give another folder.\n`]);
    expect(await allIds(test)).to.deep.equal([...after, 'new']);
    await test.end();
  });
});
