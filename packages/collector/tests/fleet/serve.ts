/*
 * A collector full of a fleet's telemetry, to look at: node -r ./tools/typescript.cjs packages/collector/tests/fleet/serve.ts
 * [port]. Stays until Ctrl-C and leaves nothing behind.
 */
import { testCollector } from '../testCollector';
import { fill } from './fill';
import { makeFleet } from './Fleet';

async function main(): Promise<void> {
  const test = await testCollector({ port: Number(process.argv[2] ?? 0) });
  process.once('SIGINT', () => void test.end().then(() => process.exit(0)));
  process.once('SIGTERM', () => void test.end().then(() => process.exit(0)));
  await fill(test.collector.address, test.client, makeFleet(Date.now()));
  process.stdout.write(`${test.collector.address}\n`);
}

void main();
