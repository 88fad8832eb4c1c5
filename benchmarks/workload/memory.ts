import type { SubjectName } from '../harness/measure';
import { resultOf, type Result } from '../harness/report';
import { startAll } from './Contender';
import type { Slice } from './contenderProcess';
import { withWorkspace } from './workspace';

const NAMES = ['plain', 'ours', 'official'] as const satisfies readonly SubjectName[];

/** Processes of each subject; queries before the heap is read first, and between that and the second time. */
const LONG = { sets: 3, queries: 2500, more: 1000 };
const SHORT = { sets: 1, queries: 400, more: 300 };

type Numbers = Record<(typeof NAMES)[number], number[]>;

const numbers = (): Numbers => ({ plain: [], ours: [], official: [] });

/** What tiny queries leave in the memory of a process of its own, after a full collection. */
export async function memory(_effort: unknown, isShort: boolean): Promise<Result[]> {
  const { sets, queries, more } = isShort ? SHORT : LONG;
  const heapMiB = numbers();
  const rssMiB = numbers();
  const growthBytes = numbers();
  const slice = (count: number): Slice => ({
    sql: 'SELECT 1 AS one',
    queries: count,
    useCloudFetch: false,
    flushes: true,
  });
  await withWorkspace(async (workspace) => {
    for (let set = 0; set < sets; set += 1) {
      const contenders = await startAll(NAMES, workspace.settings);
      await Promise.all(
        NAMES.map(async (name) => {
          const contender = contenders[name];
          await contender.run(slice(queries));
          const before = await contender.memory();
          await contender.run(slice(more));
          const after = await contender.memory();
          heapMiB[name].push(before.heapBytes / 2 ** 20);
          rssMiB[name].push(before.rssBytes / 2 ** 20);
          growthBytes[name].push((after.heapBytes - before.heapBytes) / more);
          contender.stop();
        }),
      );
      await workspace.ask({ forget: true });
    }
  });
  const toPlain = { comparedWith: 'plain' } as const;
  return [
    resultOf('memory.heap', 'heap after tiny queries', 'MiB', heapMiB, toPlain),
    resultOf('memory.rss', 'resident memory after tiny queries', 'MiB', rssMiB, toPlain),
    resultOf('memory.growth', 'heap that a tiny query leaves behind', 'bytes', growthBytes, toPlain),
  ];
}
