/*
 * npm run demo -- [--driver <version>] [--json | --dashboard]
 *
 * Builds what the demo needs and runs it on the chosen version of the driver (default: the one that is installed).
 * Everything but the demo's own output goes to stderr. `--dashboard`: a collector, its page and services at work, until
 * Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { packageFor } = require('./driver-choice.cjs');

/** Ctrl-C reaches the demo too, which then ends by itself; until then this process waits for it. */
async function run(command, options = {}) {
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', ...options });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [status] = await once(child, 'exit');
  return status ?? 1;
}

/** Says which versions there are where `version` is none of them. */
function isInstalled(version) {
  try {
    return packageFor(version) !== undefined;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return false;
  }
}

const flag = { type: 'boolean', default: false };
const { values } = parseArgs({ options: { driver: { type: 'string' }, json: flag, dashboard: flag } });
const installed = require('@databricks/sql/package.json').version;
const chosen = values.driver === undefined || values.driver === installed ? '' : values.driver;

if (chosen !== '' && !isInstalled(chosen)) process.exit(1);

process.stderr.write(`Demo on @databricks/sql ${chosen || installed}: building …\n`);
if (await buildAll('tsconfig.solution.json', ['ignore', 2, 2])) {
  const asked = ['json', 'dashboard'].filter((name) => values[name]).map((name) => `--${name}`);
  const demo = ['-r', './tools/use-driver.cjs', 'examples/dist/demo/main.js', ...asked];
  process.exitCode = await run(demo, { env: { ...process.env, DATABRICKS_SQL_DRIVER: chosen } });
} else process.exitCode = 1;
