import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { DriverConfiguration } from '../../model/connection';

/** A random id of this process, so that a collector can tell those of one service apart. */
export const processId: string = randomUUID();

type Runtime = Pick<DriverConfiguration, 'runtimeName' | 'runtimeVersion' | 'runtimeVendor'>;

/** The JavaScript runtime under its own name: Bun and Deno call themselves Node.js for those who do not ask. */
export function runtime(versions: NodeJS.ProcessVersions = process.versions): Runtime {
  const { bun, deno, node } = versions as Readonly<Record<string, string | undefined>>;
  if (bun !== undefined) return { runtimeName: 'Bun', runtimeVersion: `v${bun}`, runtimeVendor: 'Oven' };
  if (deno !== undefined) return { runtimeName: 'Deno', runtimeVersion: `v${deno}`, runtimeVendor: 'Deno Land' };
  return { runtimeName: 'Node.js', runtimeVersion: `v${node}`, runtimeVendor: 'Node.js Foundation' };
}

/** What the runtime was started with, as far as it tells which script it runs. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly isMainThread: boolean;
  /** Electron has the first argument of a packaged application where Node.js has its script. */
  readonly isElectron: boolean;
}

/** Flags with which the runtime runs code or tests: `argv` then begins with an argument of the application. */
const NO_SCRIPT = /^(?:-e|-p|-pe|-i|--eval|--print|--interactive|--test)(?:=|$)/;

/**
 * Name of the script file that the runtime runs, without its directory and extension: a path may hold a user's name.
 * Undefined where it runs none, or another one: code from the command line or from standard input, the REPL, a worker,
 * Electron. No argument of the application is ever taken for it: the runtime writes the script it runs as an absolute path.
 */
export function scriptName(
  seen: Invocation = {
    argv: process.argv,
    execArgv: process.execArgv,
    isMainThread,
    isElectron: 'electron' in process.versions,
  },
): string | undefined {
  const [, file] = seen.argv;
  if (file === undefined || !path.isAbsolute(file) || !seen.isMainThread || seen.isElectron) return undefined;
  return seen.execArgv.some((flag) => NO_SCRIPT.test(flag)) ? undefined : path.parse(file).name;
}
