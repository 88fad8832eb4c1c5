// npm run screenshots: makes the pictures of the documents anew. Needs a browser.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildDashboard } from '../packages/collector/dashboard/build.mjs';
import { findBrowser } from './browser.mjs';

const browser = findBrowser();
if (browser === undefined) throw new Error('No browser is installed: tools/install-browser.sh installs one.');
await buildDashboard();
const script = 'packages/collector/tests/browser/screenshots.ts';
const { status, error } = spawnSync(process.execPath, ['-r', './tools/typescript.cjs', script], {
  cwd: path.resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, BROWSER: browser },
});
if (error) throw error;
process.exitCode = status ?? 1;
