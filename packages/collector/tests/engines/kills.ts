import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CollectorClient, CollectorOptions } from 'databricks-telemetry-collector';
import { fromSources } from '../fromSources';
import { statementLog } from '../logs';
import { post, testCollector, until, type TestCollector } from '../testCollector';

const LOGS = 20;
const SENDERS = 2;
/** Of a few that other tests run with every change; many in `test:long`. */
export const KILLS = Number(process.env['COLLECTOR_SHARED_KILLS'] ?? 2);

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
}

async function started(data: string, options: CollectorOptions): Promise<Running> {
  const args = [...fromSources('tests/.stubs/collectorProcess.ts'), data, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

async function allIds(client: CollectorClient): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.statements({ from: 0, limit: 1_000, cursor });
    ids.push(...page.statements.map(({ statementId }) => String(statementId)));
    if (page.next === null) return ids.sort();
    cursor = page.next;
  }
}

const settled = ({ client }: TestCollector): Promise<unknown> =>
  until(
    () => client.health(),
    ({ journal }) => journal.bytes === 0,
    120_000,
  );

/** One of two collectors on an engine is killed under load again and again: nothing is lost, nothing is there twice. */
export async function keepsAllWhenKilled(options: CollectorOptions): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'collector-kill-'));
  const survivor = await testCollector(options);
  const acknowledged = new Set<string>();
  let batches = 0;
  const give = async (address: string, ids: readonly string[]): Promise<boolean> => {
    const logs = ids.map((id) => statementLog({ statementId: id, eventId: id, latencyMs: 5 }));
    const taken = await post(address, logs).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (taken) for (const id of ids) acknowledged.add(id);
    return taken;
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, address } = await started(data, options);
    let alive = true;
    const sender = async (): Promise<void> => {
      while (alive) {
        batches += 1;
        const name = batches;
        const ids = Array.from({ length: LOGS }, (_, i) => `statement-${name}-${i}`);
        // Some go to the other one as well, as from a sender whose connection broke.
        if (!(await give(address, ids)) || name % 3 === 0) await give(survivor.collector.address, ids);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const senders = Array.from({ length: SENDERS }, sender);
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 2_000));
    child.kill('SIGKILL');
    await once(child, 'exit');
    alive = false;
    await Promise.all(senders);
  }
  const again = await testCollector(options, data);
  await settled(survivor);
  await settled(again);
  expect(acknowledged.size).to.be.greaterThan(KILLS * LOGS);
  const [one, other] = [await allIds(survivor.client), await allIds(again.client)];
  expect(one).to.deep.equal([...acknowledged].sort());
  expect(other).to.deep.equal(one);
  const window = { from: 0 };
  expect((await again.client.overview(window)).current.statements).to.equal(acknowledged.size);
  await again.end();
  await survivor.end();
}
