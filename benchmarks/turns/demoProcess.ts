import path from 'node:path';
import type * as demo from '../../examples/demo/workload';
import type { Round } from '../harness/added';
import { answer, taskOf } from '../harness/childProcess';
import { shuffled } from '../harness/measure';
import { ROOT } from '../harness/places';
import { loadLibrary } from '../workload/clients';
import type { Settings } from '../workload/redirect';

export interface Task {
  readonly settings: Settings;
  readonly rounds: number;
}

const { Application } = module.require(path.join(ROOT, 'examples/dist/demo/workload.js')) as typeof demo;
const { DBSQLClient } = loadLibrary();

const silent = (): void => undefined;

/** The demo's application with its telemetry switched off. */
class WithoutTelemetry extends Application {
  constructor(private readonly settings: Settings) {
    super(settings, silent);
  }

  override async connect(): ReturnType<demo.Application['connect']> {
    const client = new DBSQLClient({ logger: { log: silent } });
    await client.connect({ ...this.settings, telemetryEnabled: false });
    return client;
  }
}

/** Milliseconds that the workload takes. Throws when it did not do what it is to do. */
async function timeOf(application: demo.Application): Promise<number> {
  const startedAtMs = performance.now();
  await application.run();
  const tookMs = performance.now() - startedAtMs;
  const [unexpected] = application.unexpected;
  if (unexpected !== undefined) throw new Error(unexpected);
  return tookMs;
}

/** The workload once with telemetry (`ours`) and once without it (`plain`), in an order of its own for each round. */
async function main(): Promise<void> {
  const { settings: given, rounds } = taskOf<Task>();
  const settings = { ...given, checkServerCertificate: false };
  const make = {
    plain: () => new WithoutTelemetry(settings),
    ours: () => new Application(settings, silent),
  };
  const results: Round[] = [];
  // Once for the compiler.
  await timeOf(make.plain());
  for (let round = 0; round < rounds; round += 1) {
    const times: { plain?: number; ours?: number } = {};
    for (const name of shuffled(['plain', 'ours'] as const)) times[name] = await timeOf(make[name]());
    results.push(times);
  }
  answer(results);
}

void main();
