/*
 * npm run mutation -- [--mutate <files>]
 *
 * Runs the mutation tests of stryker.config.mjs; fails below a score of 85 %. Stryker is not among the development
 * dependencies, which every `npm ci` would pay for: it comes from the npm registry into a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VERSION = '9';
const folder = mkdtempSync(path.join(tmpdir(), 'stryker-'));

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

try {
  const packages = ['core', 'mocha-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  const install = ['install', '--silent', '--no-save', '--prefix', folder, ...packages, 'mocha@11'];
  process.exitCode = run('npm', install, { cwd: folder });
  if (process.exitCode === 0) {
    const modules = path.join(folder, 'node_modules', '@stryker-mutator');
    const stryker = path.join(modules, 'core', 'bin', 'stryker.js');
    const runner = path.join(modules, 'mocha-runner', 'dist', 'src', 'index.js');
    const given = process.argv.slice(2);
    process.exitCode = run(process.execPath, [stryker, 'run', 'stryker.config.mjs', '--plugins', runner, ...given]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
