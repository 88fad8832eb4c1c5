/*
 * npm run test:browser -- [arguments of mocha]
 *
 * The tests of the dashboard in a real browser. Where none is installed it says so, which is no failure unless
 * REQUIRE_BROWSER=1. BROWSER names one that stands elsewhere.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildDashboard } from '../packages/collector/dashboard/build.mjs';
import { findBrowser } from './browser.mjs';

const root = path.resolve(import.meta.dirname, '..');
const browser = findBrowser();

if (browser === undefined) {
  const required = process.env.REQUIRE_BROWSER === '1';
  process.stderr.write(
    `No browser is installed: the tests of the dashboard are left out. tools/install-browser.sh installs one.\n`,
  );
  process.exitCode = required ? 1 : 0;
} else {
  await buildDashboard();
  const mocha = ['node_modules/mocha/bin/mocha.js', '--timeout', '120000'];
  const files = 'packages/collector/tests/browser/*.browser.ts';
  const { status, error } = spawnSync(process.execPath, [...mocha, files, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, BROWSER: browser },
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
