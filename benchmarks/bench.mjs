/*
 * npm run bench -- [--check] [--short] [--only <text>] [--json <file>]
 *
 * Compiles library and benchmarks with the options that the library is published with, and runs the benchmarks on that.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const FLAGS = ['--expose-gc', '--enable-source-maps'];

function run(command) {
  const { status, error } = spawnSync(process.execPath, command, { cwd: path.dirname(here), stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

process.exitCode =
  run([require.resolve('typescript/bin/tsc'), '-p', here]) ||
  run([...FLAGS, path.join(here, 'dist/benchmarks/main.js'), ...process.argv.slice(2)]);
