import { shuffled, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { startAll } from './Contender';
import type { Slice } from './contenderProcess';
import { withWorkspace } from './workspace';

const NAMES = ['plain', 'again', 'ours', 'official'] as const satisfies readonly SubjectName[];

const ROWS = 10_000_000;
const ROUNDS = 3;

/** Ten million rows by CloudFetch, all of them read; not in a short run. */
export async function cloudFetch(_effort: unknown, isShort: boolean): Promise<Result[]> {
  if (isShort) return [];
  const slice: Slice = {
    sql: `SELECT range AS id FROM range(${ROWS})`,
    queries: 1,
    useCloudFetch: true,
    flushes: true,
    watchesLoop: false,
  };
  const cpuMs = { plain: [] as number[], again: [] as number[], ours: [] as number[], official: [] as number[] };
  const wallMs = { plain: [] as number[], again: [] as number[], ours: [] as number[], official: [] as number[] };
  await withWorkspace(async (workspace) => {
    const contenders = await startAll(NAMES, workspace.settings);
    for (const name of NAMES) await contenders[name].run({ ...slice, sql: slice.sql.replace('0000000', '00000') });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of shuffled(NAMES)) {
        const result = await contenders[name].run(slice);
        cpuMs[name].push(result.cpuMs);
        wallMs[name].push(result.latenciesMs[0] ?? NaN);
      }
      await workspace.ask({ forget: true });
    }
    for (const name of NAMES) contenders[name].stop();
  });
  const label = 'CloudFetch of 10 million rows';
  const { again, ...cpu } = cpuMs;
  const { again: _again, ...wall } = wallMs;
  const toPlain = { comparedWith: 'plain' } as const;
  const twice = { plain: cpu.plain, again };
  return [
    resultOf('cloudfetch.noise', `${label}, CPU: the plain driver twice`, 'ms', twice, {
      ...toPlain,
      subject: 'again',
    }),
    resultOf('cloudfetch.cpu', `${label}, CPU of the whole process`, 'ms', cpu, toPlain),
    resultOf('cloudfetch.wall', `${label}, time`, 'ms', wall, toPlain),
  ];
}
