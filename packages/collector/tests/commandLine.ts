import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fromSources } from './fromSources';

const ROOT = join(__dirname, '..', '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a process of its own. */
export function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [...fromSources('lib/cli.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. */
export async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = start(args, env);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** What it printed until it was ready, and its address. */
export async function ready(child: ChildProcess): Promise<{ address: string; out: string }> {
  let out = '';
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    out += part.toString();
    const address = /ready at (\S+)/.exec(out)?.[1];
    if (address !== undefined && out.includes('Ctrl-C')) return { address, out };
  }
  throw new Error(`It ended: ${out}`);
}
