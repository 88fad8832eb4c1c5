/*
 * npm run demo -- [--driver <version>] [--json]
 *
 * Builds what the demo needs and runs it on the chosen version of the driver (default: the one that is installed).
 * Everything but the demo's own output goes to stderr.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

function run(command, options = {}) {
  const { status, error } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

const { values } = parseArgs({ options: { driver: { type: 'string' }, json: { type: 'boolean', default: false } } });
const installed = require('@databricks/sql/package.json').version;
const chosen = values.driver === undefined || values.driver === installed ? '' : values.driver;

process.stderr.write(`Demo on @databricks/sql ${chosen || installed}: building …\n`);
if (await buildAll('tsconfig.solution.json', ['ignore', 2, 2])) {
  const demo = ['-r', './tools/use-driver.cjs', 'examples/dist/demo/main.js', ...(values.json ? ['--json'] : [])];
  process.exitCode = run(demo, { env: { ...process.env, DATABRICKS_SQL_DRIVER: chosen } });
} else process.exitCode = 1;
