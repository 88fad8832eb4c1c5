import { shuffled, type SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { Contender } from './Contender';
import { withWorkspace } from './workspace';

const NAMES = ['plain', 'ours', 'official'] as const satisfies readonly SubjectName[];

/** What a process pays once: loading the library, and its first statement while nothing is compiled. */
export async function coldStart(_effort: unknown, isShort: boolean): Promise<Result[]> {
  const load = { plain: [] as number[], ours: [] as number[] };
  const added: number[] = [];
  const first = { plain: [] as number[], ours: [] as number[], official: [] as number[] };
  await withWorkspace(async (workspace) => {
    const rounds = isShort ? 5 : 25;
    for (let round = -1; round < rounds; round += 1) {
      for (const name of shuffled(NAMES)) {
        const contender = await Contender.start(name, workspace.settings);
        contender.stop();
        if (round < 0) continue;
        const { loadDriverMs, loadLibraryMs, firstStatementMs } = contender.cold;
        first[name].push(firstStatementMs);
        if (name !== 'official') load[name].push(loadDriverMs + loadLibraryMs);
        if (name === 'ours') added.push(loadLibraryMs);
      }
    }
  });
  const toPlain = { comparedWith: 'plain' } as const;
  return [
    resultOf('cold.load', 'a new process loads driver and library', 'ms', load, toPlain),
    resultOf('cold.library', 'the library alone, after the driver', 'ms', { ours: added }),
    resultOf('cold.first', 'a new process: connect(), session, first statement', 'ms', first, toPlain),
  ];
}
