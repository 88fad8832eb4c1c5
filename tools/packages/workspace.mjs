/* The local workspace as a user gets it: installed from its tarball, started from the command line. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './report.mjs';

const ADMIN_TOKEN = 'for-tests-only';
const START_MS = 60_000;

/** Makes an empty application in `folder`. */
export function emptyApplication(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  return folder;
}

/** Installs packages with npm, as a user does. */
export function npmInstall(folder, packages) {
  const quietly = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  return run(folder, 'npm', ['install', ...quietly, ...packages]);
}

/** Starts the workspace that is installed in `folder`. Resolves to its settings as environment variables, and a stop. */
export async function startInstalledWorkspace(folder) {
  const command = path.join(folder, 'node_modules/.bin/databricks-local-workspace');
  const child = spawn(command, ['--seed', 'demo', '--admin-token', ADMIN_TOKEN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const settings = await new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`the workspace does not start:\n${output}`)), START_MS);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the workspace ended with ${code}:\n${output}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (!output.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve([...output.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)].map(([, name, value]) => [name, value]));
    });
  });
  child.removeAllListeners('exit');
  const env = { ...Object.fromEntries(settings), DATABRICKS_ADMIN_TOKEN: ADMIN_TOKEN };
  return { env: { ...env, DENO_CERT: env.NODE_EXTRA_CA_CERTS }, stop: () => child.kill() };
}
