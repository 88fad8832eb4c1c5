import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');

export interface CommandOutcome {
  readonly status: number | null;
  /** Of both streams. */
  readonly output: string;
}

/** Runs the library's command line with nothing of Databricks or of proxies in its environment but `env`. */
export function commandLine(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandOutcome> {
  const clean = Object.entries(process.env).filter(([name]) => !/^DATABRICKS_(?!SQL_DRIVER)|_proxy$/i.test(name));
  const child = spawn(
    process.execPath,
    ['-r', './tools/use-driver.cjs', '-r', './tools/typescript.cjs', 'lib/cli.ts', ...args],
    { cwd: ROOT, env: { ...Object.fromEntries(clean), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
