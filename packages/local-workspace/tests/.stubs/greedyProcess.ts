import { startLocalWorkspace } from '../../lib';
import { connect } from '../drivers';

const MEMORY_BYTES = 256 * 1024 * 1024;

/** What the greedy tenant was answered, how long the other one waited for `SELECT 1` at most, and what the process grew by. */
export interface Greed {
  readonly states: readonly string[];
  readonly slowestMs: number;
  readonly answered: number;
  readonly grownBytes: number;
}

/** Runs statements of one tenant, one after the other, while another asks for `SELECT 1`. */
async function run(attacks: readonly string[]): Promise<Greed> {
  const workspace = await startLocalWorkspace({
    tokens: ['red', 'blue'],
    limits: { memoryBytes: MEMORY_BYTES, statementMs: 60_000 },
  });
  const [red, blue] = await Promise.all(
    ['red', 'blue'].map(async (token) => {
      const client = await connect({ ...workspace, connectionOptions: { ...workspace.connectionOptions, token } });
      return { client, session: await client.openSession() };
    }),
  );
  if (!red || !blue) throw new Error('Two tenants are needed.');
  const answerOf = async (sql: string): Promise<string> => {
    try {
      const operation = await red.session.executeStatement(sql);
      await operation.fetchAll();
      await operation.close();
      return 'none';
    } catch (error) {
      const { message, response } = error as { message: string; response?: { sqlState?: string } };
      return response?.sqlState ?? message;
    }
  };
  await (await blue.session.executeStatement('SELECT 1')).fetchAll();
  const before = process.memoryUsage.rss();
  let ended = false;
  let slowestMs = 0;
  let answered = 0;
  const asking = (async (): Promise<void> => {
    while (!ended) {
      const startedAt = performance.now();
      await (await blue.session.executeStatement('SELECT 1')).fetchAll();
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      answered += 1;
    }
  })();
  const states: string[] = [];
  for (const sql of attacks) states.push(await answerOf(sql));
  ended = true;
  await asking;
  const grownBytes = process.resourceUsage().maxRSS * 1024 - before;
  await Promise.all([red.client.close(), blue.client.close()]);
  await workspace.close();
  return { states, slowestMs, answered, grownBytes };
}

process.on('message', (attacks: readonly string[]) => {
  void run(attacks).then(
    (greed) => process.send?.(greed, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
