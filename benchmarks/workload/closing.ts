import { shuffled, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { connect, flush, runQuery } from './clients';
import { withWorkspace, type WorkspaceProcess } from './workspace';

const NAMES = ['plain', 'ours', 'official'] as const satisfies readonly SubjectName[];

/** Milliseconds of `client.close()` after `queries`; `isFlushed`: their telemetry is sent already. */
async function closeTime(
  name: SubjectName,
  workspace: WorkspaceProcess,
  queries: number,
  isFlushed: boolean,
): Promise<number> {
  const client = await connect(name, workspace.settings);
  const session = await client.openSession();
  for (let i = 0; i < queries; i += 1) await runQuery(session, 'SELECT 1 AS one');
  await session.close();
  if (isFlushed) await flush(client);
  const startedAtMs = performance.now();
  await client.close();
  return performance.now() - startedAtMs;
}

/** How long an application waits for `close()`; a telemetry endpoint that hangs must not hold it up for more than the limit. */
export function closing(_effort: unknown, isShort: boolean): Promise<Result[]> {
  return withWorkspace(async (workspace) => {
    const row = async (id: string, label: string, rounds: number, isFlushed: boolean): Promise<Result> => {
      const times = { plain: [] as number[], ours: [] as number[], official: [] as number[] };
      for (let round = -1; round < rounds; round += 1) {
        for (const name of shuffled(NAMES)) {
          const ms = await closeTime(name, workspace, 5, isFlushed);
          if (round >= 0) times[name].push(ms);
        }
      }
      return resultOf(`close.${id}`, label, 'ms', times);
    };
    const rounds = isShort ? 10 : 40;
    const results = [
      await row('idle', 'close(), nothing pending', rounds, true),
      await row('pending', 'close(), records pending', rounds, false),
    ];
    await workspace.ask({ fault: { route: 'telemetry-ext', action: 'hang' } });
    results.push(await row('hung', 'close(), records pending, telemetry endpoint hung', isShort ? 1 : 3, false));
    return results;
  });
}
