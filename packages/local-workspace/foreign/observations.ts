import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from './Driver';
import type { Task } from './task';

/** A line of a program: the values that a driver read in a case, or why there are none. */
export interface Observation {
  readonly scenario: string;
  readonly case?: string;
  /** JSON: text for scalars, lists and objects (or their JSON text) for what is nested. */
  readonly values?: readonly unknown[] | null;
  /** The driver has no such call. */
  readonly unsupported?: string;
  readonly failed?: string;
}

const LIMIT_MS = 300_000;

/** Runs a program with `task` on its standard input; its standard error goes to `logFile`. Never rejects for what it does. */
export async function observe(command: Command, task: Task, logFile: string): Promise<Observation[]> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: task.server.caFile };
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(command.namedByProcess === true && { argv0: task.application }),
  });
  const failure = new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `ended with ${signal ?? code}, see ${logFile}`),
    );
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  child.stderr.pipe(createWriteStream(logFile));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(task));
  const observations: Observation[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) observations.push(JSON.parse(line) as Observation);
  }
  const failed = await failure;
  clearTimeout(timer);
  return failed === undefined ? observations : [...observations, { scenario: 'token', failed }];
}
