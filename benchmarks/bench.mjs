/*
 * npm run bench -- [--check] [--short] [--only <part>]            what telemetry costs, against benchmarks/budgets.json
 * npm run bench -- calls [--check] [--update] [--list] [--driver <version>]   function calls that a statement adds
 * npm run bench -- turns [--short] [--work tiny|cloudfetch|demo]  what a query costs: clients of one process in turns
 * npm run bench -- structure [--check]                            lines, files, imports and closures of the library
 * npm run bench -- bars [--json] [--long]                         the goals of the library, and how far it is from them
 * npm run bench -- fleet [--check] [--short] [--processes <n>]    many processes on a virtual clock
 * npm run bench -- soak [--short] [--statements <n>] [--minutes <n>]  whether anything grows
 * npm run bench -- collector [--full] [--only <part>]             the goals of the collector, by its own benchmark
 * npm run bench -- document                                       docs/PERFORMANCE.md from the last runs
 *
 * Parts, several with commas between: lifecycle, errors, export, blocking, wire, overload, disabled, turns, memory,
 * cloudfetch, demo, cold, connect, close.
 * Builds the library as it is published, which the applications among the benchmarks load. What looks at parts of it is
 * compiled together with them; `calls`, `turns`, `structure` and `bars` are not, and work whatever the parts are:
 * `bars` leaves out what does not compile.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll, bundle } from '../tools/build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/bin/tsc');

/** `isPublic`: it knows the library by its published file and its sources alone, and is compiled without its parts. */
const PROGRAMS = {
  calls: { file: 'calls/main.js', isPublic: true },
  structure: { file: 'structure/main.js', isPublic: true },
  turns: { file: 'turns/main.js', isPublic: true },
  bars: { file: 'bars/main.js', isPublic: true },
  fleet: { file: 'fleet/main.js', isPublic: false },
  soak: { file: 'soak/main.js', isPublic: false },
  document: { file: 'document.js', isPublic: false },
};
const [first = '', ...rest] = process.argv.slice(2);
const [program, options] =
  first in PROGRAMS ? [PROGRAMS[first], rest] : [{ file: 'main.js', isPublic: false }, process.argv.slice(2)];

function run(command, stdio = 'inherit') {
  const { status, error } = spawnSync(process.execPath, command, { cwd: path.dirname(here), stdio });
  if (error) throw error;
  return status ?? 1;
}

const compile = (config, stdio) => run([tsc, '-p', path.join(here, config)], stdio);

/** The library reads its version from the manifest beside its folder. */
function copyManifest() {
  copyFileSync(path.join(here, '../package.json'), path.join(here, 'dist/package.json'));
}

/** The published files once more, with a source map beside each: whose function a function of it is. */
async function bundleWithMap() {
  await bundle({ outdir: 'benchmarks/dist/library', sourcemap: 'external' });
}

if (first === 'collector') {
  const folder = path.join(here, '../packages/collector');
  process.exit(run([tsc, '-b', folder]) || run([path.join(folder, 'benchmarks/main.mjs'), ...rest]));
}

// What is written to stdout is a program's own: some print JSON.
const quiet = ['ignore', 2, 2];
process.exitCode =
  ((await buildAll(undefined, quiet)) ? 0 : 1) ||
  compile(program.isPublic ? 'tsconfig.public.json' : 'tsconfig.json', quiet) ||
  copyManifest() ||
  (await bundleWithMap());
if (program === PROGRAMS.bars && compile('tsconfig.json', quiet) !== 0) options.push('--without-parts');
process.exitCode ||= run([
  '--expose-gc',
  '--enable-source-maps',
  path.join(here, 'dist/benchmarks', program.file),
  ...options,
]);
