/*
 * A pool of worker threads that share a list of tasks and nothing else: each has a client and telemetry of its own.
 *
 *   node -r ./tools/typescript.cjs examples/workerPool/main.ts
 *
 * Needs DATABRICKS_HOST, DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN. Optional: DATABRICKS_PORT.
 */
import { on, once } from 'node:events';
import { Worker, isMainThread, parentPort, type MessagePort } from 'node:worker_threads';
import { DBSQLClient, type TelemetryStats } from 'databricks-sql-telemetry';

const WORKERS = 3;
const TASKS = 12;

/** Gives `worker` tasks until none is left, then has it close; returns what its tasks and its telemetry came to. */
async function employ(worker: Worker, tasks: number[]): Promise<{ sum: number; stats: TelemetryStats | undefined }> {
  const ask = async (message: unknown): Promise<unknown> => {
    worker.postMessage(message);
    const [answer] = (await once(worker, 'message')) as unknown[];
    return answer;
  };
  let sum = 0;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) sum += Number(await ask(task));
  return { sum, stats: (await ask('close')) as TelemetryStats | undefined };
}

async function main(): Promise<void> {
  const tasks = Array.from({ length: TASKS }, (_, index) => index + 1);
  const workers = Array.from({ length: WORKERS }, () => new Worker(__filename));
  const done = await Promise.all(workers.map((worker) => employ(worker, tasks)));
  const total = (of: (each: (typeof done)[number]) => number | undefined): number =>
    done.reduce((sum, each) => sum + (of(each) ?? 0), 0);
  const collected = total(({ stats }) => stats?.collected);
  const delivered = total(({ stats }) => stats?.delivered);
  console.log(JSON.stringify({ statements: TASKS, sum: total(({ sum }) => sum), collected, delivered }));
}

/** Runs a statement for each task until it is told to close; answers that with its telemetry's account. */
async function work(port: MessagePort): Promise<void> {
  const { DATABRICKS_HOST: host = '', DATABRICKS_HTTP_PATH: path = '', DATABRICKS_TOKEN: token = '' } = process.env;
  const { DATABRICKS_PORT: databricksPort = '443' } = process.env;
  const client = new DBSQLClient({ telemetryEnabled: true });
  await client.connect({ host, path, token, port: Number(databricksPort) });
  const session = await client.openSession();
  for await (const [task] of on(port, 'message') as AsyncIterable<Array<number | 'close'>>) {
    if (task === 'close') break;
    const operation = await session.executeStatement('SELECT sum(id) AS total FROM range(100) WHERE id <= :task', {
      namedParameters: { task },
    });
    const [row] = (await operation.fetchAll()) as Array<{ total: number }>;
    port.postMessage(row?.total);
  }
  await session.close();
  await client.close();
  port.postMessage(client.getTelemetryStats());
  port.close();
}

if (isMainThread) void main();
else if (parentPort !== null) void work(parentPort);
