// What `npm run build` does: type-checks everything, writes the declarations, and makes each entry of the library one file.
// An application that starts reads one file instead of a hundred, which halves the time that loading takes.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { buildDashboard } from '../packages/collector/dashboard/build.mjs';

const root = path.resolve(import.meta.dirname, '..');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** What applications import, by name of the file in `dist/`. */
export const ENTRIES = { index: 'lib/index.ts', opentelemetry: 'lib/opentelemetry/index.ts' };

/**
 * Each entry of the library as one CommonJS module. Everything that is not its own is loaded from where it is installed.
 * `changes`: options of esbuild that take the place of these.
 */
export async function bundle(changes = {}) {
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    tsconfig: 'tsconfig.build.json',
    legalComments: 'none',
    logLevel: 'warning',
    ...changes,
  });
}

/** Builds the projects of `config` and, when they are sound, the library and the collector's page. Returns whether all went well. */
export async function buildAll(config = 'tsconfig.solution.json', stdio = 'inherit') {
  const { status, error } = spawnSync(process.execPath, [tsc, '-b', config], { cwd: root, stdio });
  if (error) throw error;
  if (status !== 0) return false;
  // The command line loads the library as an application does.
  const commandLine = { entryPoints: { cli: 'lib/cli.ts' }, external: ['./index'] };
  await Promise.all([bundle(), bundle(commandLine), buildDashboard()]);
  return true;
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await buildAll()) ? 0 : 1;
