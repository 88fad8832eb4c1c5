// What a user installs, checked: packs the built library, looks at the files, then installs it next to each supported
// driver and uses it from `require`, `import` and TypeScript. Usage: npm run check:package
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ENTRIES } from './build.mjs';

const DRIVERS = ['1.12.0', '2.1.0'];
const HEAD = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json'];

const root = path.resolve(import.meta.dirname, '..');
const consumers = path.join(root, 'tests/package');
const work = mkdtempSync(path.join(tmpdir(), 'check-package-'));
// A user's shell: without the settings that npm passes to scripts, and without a chosen driver.
const OURS = /^(npm_|NODE_OPTIONS$|DATABRICKS_SQL_DRIVER$)/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

/** Runs a program and returns its output; throws with the output when it fails. */
function run(cwd, program, ...args) {
  try {
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${path.basename(program)} ${args.join(' ')}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

const tool = (name) => path.join(root, 'node_modules/.bin', name);

let failures = 0;
function check(title, body) {
  try {
    const note = body();
    console.log(`  ok      ${title}${note ? ` (${note})` : ''}`);
  } catch (error) {
    failures += 1;
    console.log(`  FAILED  ${title}\n${error.message.replace(/^/gm, '          ')}`);
  }
}

/** Documents of a folder, with their pictures. */
function documentsIn(folder) {
  return readdirSync(path.join(root, folder))
    .filter((file) => /\.(md|svg|json)$/.test(file))
    .map((file) => `${folder}/${file}`);
}

/** Links of the README to files that a user does not get. */
function checkLinks(packed) {
  const files = new Set(packed.files.map((file) => file.path));
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, link]) => link);
  const missing = links.filter((link) => !files.has(link));
  if (missing.length > 0) throw new Error(`the README links to what is not in the package: ${missing.join(', ')}`);
}

/** The files a package of the current sources holds: no more, no fewer. */
function expectedFiles() {
  const sources = readdirSync(path.join(root, 'lib'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const declarations = sources.map((file) => `dist/${file.slice(0, -'.ts'.length)}.d.ts`);
  const modules = Object.keys(ENTRIES).map((name) => `dist/${name}.js`);
  return [...HEAD, ...documentsIn('docs'), ...documentsIn('spec'), ...modules, ...declarations];
}

function checkFiles(packed) {
  const expected = new Set(expectedFiles());
  const actual = new Set(packed.files.map((file) => file.path));
  const surplus = [...actual].filter((file) => !expected.has(file)).map((file) => `not for users: ${file}`);
  const missing = [...expected].filter((file) => !actual.has(file)).map((file) => `missing: ${file}`);
  if (surplus.length + missing.length > 0) throw new Error([...surplus, ...missing].join('\n'));
  return `${actual.size} files, ${Math.ceil(packed.size / 1024)} kB`;
}

function install(driver, tarball) {
  const folder = path.join(work, driver);
  mkdirSync(folder);
  for (const file of readdirSync(consumers)) copyFileSync(path.join(consumers, file), path.join(folder, file));
  copyFileSync(path.join(folder, 'application.ts'), path.join(folder, 'application-esm.mts'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  const packages = [tarball, `@databricks/sql@${driver}`, '@types/node@20'];
  run(folder, 'npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...packages);
  return folder;
}

/** Type-checks without `skipLibCheck`; only errors in our declarations or in the application count. */
function checkTypes(folder) {
  const flags = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    'false',
    '--pretty',
    'false',
  ];
  const target = ['--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  let output = '';
  try {
    run(folder, tool('tsc'), ...flags, ...target, 'application.ts', 'application-esm.mts');
  } catch (error) {
    output = error.message;
  }
  const ours = output
    .split('\n')
    .filter((line) => /^(application|node_modules\/databricks-sql-telemetry\/)/.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
  if (output && !output.includes('node_modules/')) throw new Error(output);
}

try {
  let packed;
  check('builds and packs', () => {
    run(root, process.execPath, path.join(root, 'tools/build.mjs'));
    [packed] = Object.values(JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', work)));
  });
  if (packed) {
    const tarball = path.join(work, packed.filename);
    check('holds what a user needs and nothing else', () => checkFiles(packed));
    check('holds what its README links to', () => checkLinks(packed));
    check('publint', () => void run(root, tool('publint'), tarball, '--strict'));
    check('attw', () => void run(root, tool('attw'), tarball));
    for (const driver of DRIVERS) {
      let folder;
      check(`installs next to driver ${driver}`, () => void (folder = install(driver, tarball)));
      if (!folder) continue;
      check(`driver ${driver}: require`, () => void run(folder, process.execPath, 'require.cjs'));
      check(`driver ${driver}: import`, () => void run(folder, process.execPath, 'import.mjs'));
      check(`driver ${driver}: types`, () => checkTypes(folder));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
