import path from 'node:path';
import { answerOf } from '../harness/childProcess';
import { addedResult, type Result } from '../harness/report';
import { withWorkspace } from '../workload/workspace';
import type { Task, Turns } from './turnsProcess';

const ROWS = 1_000_000;

/** A million rows by CloudFetch, all of them read, by clients of one process that take turns; not in a short run. */
export async function cloudFetch(_effort: unknown, isShort: boolean): Promise<Result[]> {
  if (isShort) return [];
  const processes: Turns[] = [];
  await withWorkspace(async (workspace) => {
    const task: Task = {
      settings: workspace.settings,
      names: ['plain', 'again', 'official', 'ours'],
      work: { sql: `SELECT id FROM range(${ROWS})`, useCloudFetch: true, queries: 1, block: 1 },
      bodyFile: '',
      youngRounds: 1,
      rounds: 10,
      loopRounds: 0,
      bytesRounds: 0,
    };
    const file = path.join(__dirname, 'turnsProcess.js');
    for (let i = 0; i < 2; i += 1) {
      processes.push(await answerOf<Turns>(file, task, { execArgv: ['--expose-gc'] }));
      await workspace.ask({ forget: true });
    }
  });
  const label = 'CloudFetch of a million rows';
  return [
    addedResult(
      'cloudfetch.cpu',
      `${label}, CPU`,
      'µs',
      processes.map(({ cpuUs }) => cpuUs),
      'ours',
    ),
    addedResult(
      'cloudfetch.wall',
      `${label}, time`,
      'ms',
      processes.map(({ p50Ms }) => p50Ms),
      'ours',
    ),
  ];
}
