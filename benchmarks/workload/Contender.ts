import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { SubjectName } from '../harness/measure';
import type { ColdStart, Memory, Request, Slice, SliceResult, Start } from './contenderProcess';
import type { Settings } from './redirect';

/** An application in a process of its own, connected with one of the subjects: no other's code is in its caches. */
export class Contender {
  private constructor(
    private readonly child: ChildProcess,
    readonly cold: ColdStart,
  ) {}

  static async start(name: SubjectName, settings: Settings): Promise<Contender> {
    const start: Start = { name, settings };
    const options = { execArgv: ['--expose-gc'] };
    const child = fork(path.join(__dirname, 'contenderProcess.js'), [JSON.stringify(start)], options);
    const [cold] = (await once(child, 'message')) as [ColdStart];
    return new Contender(child, cold);
  }

  /** Does one slice of work; resolves when it is done and measured. */
  run(slice: Slice): Promise<SliceResult> {
    return this.ask({ slice }) as Promise<SliceResult>;
  }

  /** What is left after a full collection. */
  memory(): Promise<Memory> {
    return this.ask({ memory: true }) as Promise<Memory>;
  }

  stop(): void {
    this.child.disconnect();
  }

  private async ask(request: Request): Promise<unknown> {
    this.child.send(request);
    const [answer] = (await once(this.child, 'message')) as [unknown];
    return answer;
  }
}

/** One contender for each of `names`, by name. */
export async function startAll<N extends SubjectName>(
  names: readonly N[],
  settings: Settings,
): Promise<Record<N, Contender>> {
  const all: [N, Contender][] = [];
  for (const name of names) all.push([name, await Contender.start(name, settings)]);
  return Object.fromEntries(all) as Record<N, Contender>;
}
