import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LocalWorkspaceOptions } from 'databricks-local-workspace';
import type { Settings } from './redirect';
import type { Answer, Request } from './workspaceProcess';

/** A local workspace in a process of its own. */
export class WorkspaceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly settings: Settings,
  ) {}

  static async start(options: LocalWorkspaceOptions): Promise<WorkspaceProcess> {
    const child = fork(path.join(__dirname, 'workspaceProcess.js'), [JSON.stringify(options)], { execArgv: [] });
    const [settings] = (await once(child, 'message')) as [Settings];
    return new WorkspaceProcess(child, settings);
  }

  async ask(request: Request): Promise<number> {
    return (await this.answerTo(request)).count;
  }

  /** The logs of the telemetry request that was received last. */
  async lastLogs(): Promise<readonly string[]> {
    return (await this.answerTo({ lastLogs: true })).logs;
  }

  stop(): void {
    this.child.disconnect();
  }

  private async answerTo(request: Request): Promise<Answer> {
    this.child.send(request);
    const [answer] = (await once(this.child, 'message')) as [Answer];
    return answer;
  }
}

/** Runs `work` with a workspace that stops afterwards. */
export async function withWorkspace<T>(
  work: (workspace: WorkspaceProcess) => Promise<T>,
  options: LocalWorkspaceOptions = {},
): Promise<T> {
  const workspace = await WorkspaceProcess.start(options);
  try {
    return await work(workspace);
  } finally {
    workspace.stop();
  }
}
