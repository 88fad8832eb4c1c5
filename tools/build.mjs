// What `npm run build` does: type-checks everything, writes the declarations, and makes each entry of the library and of the
// local workspace one file. A process that starts reads one file instead of hundreds, which shortens its start.
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

/** What of the local workspace runs, by name of the file in its `dist/`: the command line and the thread are found by name. */
export const WORKSPACE_ENTRIES = {
  index: 'lib/index.ts',
  cli: 'lib/cli.ts',
  workspace: 'lib/workspace.ts',
  translateWorker: 'lib/sql/translateWorker.ts',
};

function bundleWorkspace() {
  const place = { absWorkingDir: path.join(root, 'packages/local-workspace'), tsconfig: 'tsconfig.json' };
  const { workspace, translateWorker, ...doors } = WORKSPACE_ENTRIES;
  return Promise.all([
    bundle({ ...place, entryPoints: { workspace, translateWorker } }),
    bundle({ ...place, entryPoints: doors, external: ['./workspace'] }),
  ]);
}

/** Builds the projects of `config` and, when they are sound, what is bundled. Returns whether all went well. */
export async function buildAll(config = 'tsconfig.solution.json', stdio = 'inherit') {
  const { status, error } = spawnSync(process.execPath, [tsc, '-b', config], { cwd: root, stdio });
  if (error) throw error;
  if (status !== 0) return false;
  // The command line loads the library as an application does.
  const commandLine = { entryPoints: { cli: 'lib/cli.ts' }, external: ['./index'] };
  await Promise.all([bundle(), bundle(commandLine), bundleWorkspace(), buildDashboard()]);
  return true;
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await buildAll()) ? 0 : 1;
