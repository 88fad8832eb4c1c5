/*
 * The tests of the store ClickHouse, where chdb is installed: CHDB=<folder> npm run test:clickhouse -w packages/collector.
 * chdb is ClickHouse as a package of 550 MB (`npm install chdb` in any folder), so it is no dependency of this repository.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env.CHDB;
const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

function isThere() {
  try {
    createRequire(join(folder, 'index.js')).resolve('chdb');
    return true;
  } catch {
    return false;
  }
}

if (folder === undefined || !isThere()) {
  console.log('ClickHouse was not tried: there is no chdb (CHDB=<a folder in which `npm install chdb` was run>).');
} else {
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const test = 'packages/collector/tests/engines/clickhouse.test.ts';
  const { status } = spawnSync(process.execPath, [mocha, test], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
