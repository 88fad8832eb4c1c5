import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Settings } from './redirect';
import type { Request } from './workspaceProcess';

/** A local workspace in a process of its own. */
export class WorkspaceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly settings: Settings,
  ) {}

  /** `demo` has tables of about a million rows; the other starts faster. */
  static async start(seed: 'none' | 'demo' = 'none'): Promise<WorkspaceProcess> {
    const child = fork(path.join(__dirname, 'workspaceProcess.js'), [seed], { execArgv: [] });
    const [settings] = (await once(child, 'message')) as [Settings];
    return new WorkspaceProcess(child, settings);
  }

  async ask(request: Request): Promise<number> {
    this.child.send(request);
    const [{ count }] = (await once(this.child, 'message')) as [{ count: number }];
    return count;
  }

  stop(): void {
    this.child.disconnect();
  }
}

/** Runs `work` with a workspace that stops afterwards. */
export async function withWorkspace<T>(
  work: (workspace: WorkspaceProcess) => Promise<T>,
  seed: 'none' | 'demo' = 'none',
): Promise<T> {
  const workspace = await WorkspaceProcess.start(seed);
  try {
    return await work(workspace);
  } finally {
    workspace.stop();
  }
}
