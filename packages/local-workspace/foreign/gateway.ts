import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface GatewayProcess {
  readonly port: number;
  /** Stops it. */
  close(): Promise<void>;
}

export interface GatewaySettings {
  readonly upstream: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Address of the collector that keeps the telemetry. */
  readonly collector: string;
  /** Its log goes there. */
  readonly logFile: string;
}

const CLI = join(__dirname, '../../collector/lib/cli.ts');

/** `databricks-telemetry-collector gateway`, in a process of its own. Rejects when it ends before it is ready. */
export async function startGatewayProcess(settings: GatewaySettings): Promise<GatewayProcess> {
  const { upstream, caFile, certFile, keyFile, collector } = settings;
  const where = ['--upstream', upstream, '--upstream-ca', caFile, '--collector', collector, '--port', '0'];
  const args = [CLI, 'gateway', ...where, '--tls-cert', certFile, '--tls-key', keyFile];
  const child = spawn(process.execPath, ['-r', './tools/typescript.cjs', ...args], {
    cwd: join(__dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(settings.logFile));
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = Number(/ready at https:\/\/[^ ]*:(\d+) /.exec(line)?.[1]);
    if (!Number.isInteger(port)) continue;
    child.stdout.resume();
    const close = async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
    };
    return { port, close };
  }
  throw new Error('The gateway ended before it was ready.');
}
