import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from './fromSources';
import { statementLog } from './logs';
import { post, testCollector, until } from './testCollector';

const KILLS = Number(process.env['COLLECTOR_KILLS'] ?? 5);
/** From its sources, or for many kills as it was built. */
const COLLECTOR =
  process.env['COLLECTOR_BUILT'] === undefined
    ? fromSources('tests/.stubs/collectorProcess.ts')
    : [join(__dirname, '..', 'benchmarks', 'subject.mjs')];
const SENDERS = 4;
const LOGS = 25;

interface Batch {
  readonly ids: string[];
  readonly logs: object[];
}

function newBatch(): Batch {
  const ids = Array.from({ length: LOGS }, () => randomUUID());
  return { ids, logs: ids.map((statementId) => statementLog({ statementId, latencyMs: 5 })) };
}

async function started(data: string): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [...COLLECTOR, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

describe(`a collector that is killed ${KILLS} times under load`, function () {
  this.timeout(180_000 + KILLS * 10_000);
  // What is lost once is lost.
  this.retries(0);

  it('loses no log that it acknowledged, and stores none twice', async () => {
    const data = mkdtempSync(join(tmpdir(), 'collector-kill-'));
    const acknowledged = new Set<string>();
    const sent = new Set<string>();
    /** What was not acknowledged is sent again to the next one, as a driver does. */
    let unsettled: Batch[] = [];

    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, address } = await started(data);
      const again = unsettled;
      unsettled = [];
      let alive = true;
      const sender = async (): Promise<void> => {
        while (alive) {
          const batch = again.pop() ?? newBatch();
          for (const id of batch.ids) sent.add(id);
          const taken = await post(address, batch.logs).then(
            async (response) => response.ok && ((await response.json()) as { numProtoSuccess: number }).numProtoSuccess,
            () => false as const,
          );
          if (taken === LOGS) for (const id of batch.ids) acknowledged.add(id);
          else unsettled.push(batch);
        }
      };
      const senders = Array.from({ length: SENDERS }, sender);
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 600));
      child.kill('SIGKILL');
      await once(child, 'exit');
      alive = false;
      await Promise.all(senders);
      unsettled.push(...again);
    }

    const test = await testCollector({}, data);
    const stored: string[] = [];
    await until(
      () => test.client.health({ from: 0 }),
      ({ journal }) => journal.bytes === 0,
    );
    for (let cursor: string | undefined; ;) {
      const page = await test.client.statements({ from: 0, limit: 1000, cursor });
      stored.push(...page.statements.flatMap(({ statementId }) => statementId ?? []));
      if (page.next === null) break;
      cursor = page.next;
    }
    await test.end();

    expect(acknowledged.size).to.be.greaterThan(KILLS);
    const kept = new Set(stored);
    expect([...acknowledged].filter((id) => !kept.has(id))).to.deep.equal([]);
    expect(stored.length, 'stored twice').to.equal(kept.size);
    expect(stored.filter((id) => !sent.has(id))).to.deep.equal([]);
  });
});
