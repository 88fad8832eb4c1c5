/*
 * npm run bench -- [--check] [--short] [--only <part>]            what telemetry costs, against benchmarks/budgets.json
 * npm run bench -- fleet [--check] [--short] [--processes <n>]    many processes on a virtual clock
 * npm run bench -- soak [--short] [--statements <n>] [--minutes <n>]  whether anything grows
 * npm run bench -- document                                       docs/PERFORMANCE.md from the last runs
 *
 * Parts: lifecycle, errors, exporting, wire, overload, disabled, workload, cloudfetch, cold, connect, close.
 * Builds the library as it is published, which the applications among the benchmarks load. What looks at parts of it is
 * compiled together with them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../tools/build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/bin/tsc');

const PROGRAMS = { fleet: 'fleet/main.js', soak: 'soak/main.js', document: 'document.js' };
const [first = '', ...rest] = process.argv.slice(2);
const [program, options] = first in PROGRAMS ? [PROGRAMS[first], rest] : ['main.js', process.argv.slice(2)];

function run(command) {
  const { status, error } = spawnSync(process.execPath, command, { cwd: path.dirname(here), stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

/** The library reads its version from the manifest beside its folder. */
function copyManifest() {
  copyFileSync(path.join(here, '../package.json'), path.join(here, 'dist/package.json'));
}

process.exitCode =
  ((await buildAll()) ? 0 : 1) ||
  run([tsc, '-p', here]) ||
  copyManifest() ||
  run(['--expose-gc', '--enable-source-maps', path.join(here, 'dist/benchmarks', program), ...options]);
