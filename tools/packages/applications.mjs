/*
 * Fresh applications that use the packed library: which packages each installs and what is run in it. The files are those
 * of tests/package/, the settings of bundlers and test runners the ones that docs/TELEMETRY.md shows.
 */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyApplication, npmInstall } from './workspace.mjs';
import { run } from './report.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const files = path.join(root, 'tests/package');

export const OLDEST = '1.12.0';
export const NEWEST = '2.1.0';

const MISSING_TYPES = ['@types/node@20', '@types/node-fetch@2', '@types/node-int64', '@types/thrift', '@types/lz4'];
const COMPILERS = { 'TypeScript 5.4': 'typescript@5.4', 'TypeScript, newest': 'typescript@latest' };

/** The code of docs/TELEMETRY.md that begins with a comment with that file's name, or the command with that beginning. */
function documented(beginning) {
  const text = readFileSync(path.join(root, 'docs/TELEMETRY.md'), 'utf8');
  const blocks = [...text.matchAll(/^```\w+\n([^]*?)^```$/gm)].map(([, code]) => code);
  const found = blocks.find((code) => code.startsWith(beginning));
  if (found === undefined) throw new Error(`docs/TELEMETRY.md has no code that begins with ${beginning}`);
  return found;
}

function writeDocumented(folder, name) {
  writeFileSync(path.join(folder, name), documented(`// ${name}\n`));
}

/** Type-checks everything, the driver's declarations included, as strictly as can be. */
function typeCheck({ folder }) {
  copyFileSync(path.join(folder, 'application.ts'), path.join(folder, 'application-esm.mts'));
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--pretty', 'false'];
  const target = ['--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  run(folder, 'node_modules/.bin/tsc', [...strict, ...target, 'application.ts', 'application-esm.mts']);
}

const node =
  (...args) =>
  ({ folder, env }) =>
    void run(folder, process.execPath, args, env);
const bin =
  (name, ...args) =>
  ({ folder, env }) =>
    void run(folder, `node_modules/.bin/${name}`, args, env);

const esbuilt =
  (...more) =>
  ({ folder, env }) => {
    run(folder, 'sh', ['-c', `${documented('npx esbuild ').trimEnd()} ${more.join(' ')}`], env);
    run(folder, process.execPath, ['out.js'], env);
  };

function webpacked({ folder, env }) {
  writeDocumented(folder, 'webpack.config.cjs');
  run(folder, 'node_modules/.bin/webpack', ['--config', 'webpack.config.cjs'], env);
  run(folder, process.execPath, ['out/main.js'], env);
}

function jested({ folder, env }) {
  writeDocumented(folder, 'jest.config.cjs');
  const said = run(folder, 'sh', ['-c', 'node_modules/.bin/jest --detectOpenHandles 2>&1'], env);
  if (/open handle|did not exit/.test(said)) throw new Error(said);
}

/** Another package manager, from npm's registry into a folder of its own. */
function installedBy(manager, args) {
  return ({ folder, packages, tools }) => {
    const home = emptyApplication(path.join(tools, manager.replace('@', '-')));
    npmInstall(home, [manager]);
    const cache = path.join(home, 'cache');
    run(folder, path.join(home, 'node_modules/.bin', manager.split('@')[0]), [...args(cache), ...packages]);
  };
}

const withDriver = (driver, isSample) => ({
  name: `driver ${driver}`,
  isSample,
  packages: [`@databricks/sql@${driver}`],
  runs: { require: node('require.cjs'), import: node('import.mjs') },
});

/** Flags with which Node.js refuses what code usually may; those that the driver itself cannot be run with are left out. */
const STRICT_FLAGS = [
  ['--frozen-intrinsics'],
  ['--disable-proto=throw'],
  ['--disable-proto=delete'],
  ['--disallow-code-generation-from-strings'],
  ['--experimental-permission', '--allow-fs-read=*'],
  ['--unhandled-rejections=strict', '--throw-deprecation'],
  ['--enable-source-maps', '--stack-trace-limit=0'],
];

/** Each: the driver beside the library, what else it installs, who installs, and what is run. `isSample`: in every CI run. */
export const APPLICATIONS = [
  withDriver(OLDEST, true),
  withDriver(NEWEST, true),
  ...['1.13.0', '1.14.0', '1.15.0', '1.16.0', '1.17.0', '2.0.0'].map((driver) => withDriver(driver, false)),
  ...[OLDEST, NEWEST].flatMap((driver) =>
    Object.entries(COMPILERS).map(([name, compiler]) => ({
      name: `${name}, driver ${driver}`,
      isSample: driver === NEWEST,
      packages: [`@databricks/sql@${driver}`, compiler, ...MISSING_TYPES],
      runs: { 'strict, exactOptionalPropertyTypes, skipLibCheck false': typeCheck },
    })),
  ),
  {
    name: 'flags of Node.js',
    isSample: true,
    packages: [],
    runs: {
      '--test': node('--test', 'node-test.cjs'),
      ...Object.fromEntries(STRICT_FLAGS.map((flags) => [flags.join(' '), node(...flags, 'require.cjs')])),
    },
  },
  {
    name: 'esbuild',
    isSample: true,
    packages: ['esbuild'],
    runs: {
      'bundle as documented': esbuilt(),
      'bundle as of a server component': esbuilt('--minify', '--conditions=react-server,node,require'),
    },
  },
  {
    name: 'webpack',
    isSample: false,
    packages: ['webpack', 'webpack-cli'],
    runs: { 'bundle as documented': webpacked },
  },
  {
    name: 'vitest',
    isSample: true,
    packages: ['vitest'],
    runs: { test: bin('vitest', 'run', '--globals', 'vitest.test.mjs') },
  },
  {
    name: 'OpenTelemetry',
    isSample: true,
    packages: ['@opentelemetry/api@1'],
    runs: { 'traces by import and by require': node('opentelemetry.mjs') },
  },
  { name: 'jest', isSample: true, packages: ['jest'], runs: { 'test, set up as documented': jested } },
  {
    name: 'pnpm',
    isSample: false,
    packages: [],
    install: installedBy('pnpm@10', (cache) => ['add', '--store-dir', cache, '--ignore-scripts']),
    runs: { require: node('require.cjs'), import: node('import.mjs') },
  },
  {
    name: 'yarn 1',
    isSample: false,
    packages: ['@databricks/sql@2.0.0'],
    install: installedBy('yarn@1', (cache) => ['add', '--cache-folder', cache, '--ignore-scripts', '--ignore-engines']),
    runs: { require: node('require.cjs'), import: node('import.mjs') },
  },
];

/** Makes the folder of `application` with the library of `tarball` in it; throws when it cannot be installed. */
export function install(application, { tarball, work }) {
  const folder = emptyApplication(path.join(work, 'applications', application.name.replace(/[^\w.]+/g, '-')));
  for (const file of readdirSync(files)) copyFileSync(path.join(files, file), path.join(folder, file));
  const hasDriver = application.packages.some((name) => name.startsWith('@databricks/sql@'));
  const packages = [tarball, ...(hasDriver ? [] : [`@databricks/sql@${NEWEST}`]), ...application.packages];
  const byNpm = () => npmInstall(folder, packages);
  (application.install ?? byNpm)({ folder, packages, tools: path.join(work, 'tools') });
  return folder;
}
