/** One service of the live demo, in a process of its own: queries through the library until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DBSQLClient } from 'databricks-sql-telemetry';
import type { Order } from './assignment';
import { brokenTask, HABITS, type Task } from './statements';

type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;

const STATEMENTS_OF_A_SESSION = 30;
let brokenUntilMs = 0;
let stopped = false;

async function work({ name, connection, telemetryEndpoint, slower }: Extract<Order, { kind: 'work' }>): Promise<void> {
  const client = new DBSQLClient({
    logger: { log: () => undefined },
    telemetryEnabled: true,
    telemetryEndpoint,
    telemetryFlushIntervalMs: 2_000,
  });
  await client.connect({ ...connection, userAgentEntry: name });
  const { pauseMs, next } = HABITS[name];
  for (let turn = 0; !stopped;) {
    const session = await client.openSession();
    for (let i = 0; i < STATEMENTS_OF_A_SESSION && !stopped; i += 1, turn += 1) {
      await run(session, Date.now() < brokenUntilMs ? brokenTask() : next(turn, slower));
      await sleep(pauseMs * (0.5 + Math.random()));
    }
    await session.close();
  }
  await client.close();
}

/** Runs a statement to its end. That it fails is part of the demo. */
async function run(session: Session, { sql, useCloudFetch, cancelAfterMs }: Task): Promise<void> {
  try {
    const operation = await session.executeStatement(sql, { useCloudFetch });
    if (cancelAfterMs !== undefined) setTimeout(() => void operation.cancel().catch(() => undefined), cancelAfterMs);
    do await operation.fetchChunk({ maxRows: 20_000 });
    while (await operation.hasMoreRows());
    await operation.close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

function take(order: Order): void {
  switch (order.kind) {
    case 'work':
      work(order).then(
        () => process.exit(0),
        (error: unknown) => {
          if (!stopped) process.stderr.write(`  ${order.name} gave up: ${String(error)}\n`);
          process.exit(1);
        },
      );
      return;
    case 'break':
      brokenUntilMs = Date.now() + order.forMs;
      return;
    case 'stop':
      stopped = true;
      return;
  }
}

process.on('message', take);
// Ctrl-C reaches every process of the terminal; the demo says when it is over. Without it nothing is left to do.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
