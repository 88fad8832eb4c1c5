import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import path from 'node:path';
import type { Request } from './workspaceProcess';

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

/** The official telemetry refuses loopback names, and knows port 443 only. */
const HOST = 'workspace.test';

type Connect = (this: https.Agent, options: Record<string, unknown>, ...rest: unknown[]) => unknown;

/** A local workspace in a process of its own, which every connection of this process to `workspace.test` reaches. */
export class WorkspaceProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly settings: Settings,
  ) {}

  static async start(): Promise<WorkspaceProcess> {
    const child = fork(path.join(__dirname, 'workspaceProcess.js'), { execArgv: [] });
    const [settings] = (await once(child, 'message')) as [Settings];
    redirect(settings);
    return new WorkspaceProcess(child, settings);
  }

  get connectionOptions(): Settings & { readonly checkServerCertificate: false } {
    return { ...this.settings, host: HOST, checkServerCertificate: false };
  }

  async ask(request: Request): Promise<void> {
    this.child.send(request);
    await once(this.child, 'message');
  }

  stop(): void {
    this.child.disconnect();
  }
}

function redirect({ host, port }: Settings): void {
  const agent = https.Agent.prototype as unknown as { createConnection: Connect };
  const original = agent.createConnection;
  agent.createConnection = function (options, ...rest) {
    const isOurs = options['host'] === HOST || options['hostname'] === HOST;
    const target = isOurs ? { ...options, host, port, servername: 'localhost' } : options;
    return original.call(this, target, ...rest);
  };
}
