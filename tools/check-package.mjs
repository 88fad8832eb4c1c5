/*
 * npm run check:package [-- --wide] [-- --update] [-- --only <text>]
 *
 * What a user installs, checked: packs every package, looks into the tarballs, then installs them in fresh applications
 * and uses them there against the packed local workspace. `--wide` goes through all drivers, runtimes, bundlers and
 * package managers instead of a sample; `--update` does too and writes what it saw into docs/COMPATIBILITY.md; `--only`
 * runs the applications and columns whose name holds a text (`--only observed`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';
import { packAll } from './pack-all.mjs';
import { APPLICATIONS, install } from './packages/applications.mjs';
import { checkFiles, checkLinks, checkManifest } from './packages/contents.mjs';
import { checkColumn, COLUMNS, observe, updateDocument } from './packages/matrix.mjs';
import { Report, run } from './packages/report.mjs';
import { emptyApplication, npmInstall, startInstalledWorkspace } from './packages/workspace.mjs';

const { values: options } = parseArgs({
  options: { wide: { type: 'boolean' }, update: { type: 'boolean' }, only: { type: 'string', default: '' } },
});
const root = path.resolve(import.meta.dirname, '..');
const tool = (name) => path.join(root, 'node_modules/.bin', name);
const report = new Report();

function checkTarballs(packages) {
  for (const packed of packages) {
    const { name, tarball } = packed;
    report.check(`${name}: holds what a user needs and nothing else`, () => checkFiles(packed));
    report.check(`${name}: a manifest for users`, () => checkManifest(packed));
    report.check(`${name}: every link leads to a file in the package`, () => checkLinks(packed));
    report.check(`${name}: publint`, () => void run(root, tool('publint'), [tarball, '--strict']));
    report.check(`${name}: attw`, () => void run(root, tool('attw'), [tarball]));
  }
}

/** Whether something of that name is to be run. */
const isWanted = ({ name, title, isSample }) =>
  (options.wide || options.update || isSample) && (name ?? `observed with ${title}`).includes(options.only);

function checkApplications(context) {
  for (const application of APPLICATIONS.filter(isWanted)) {
    let folder;
    if (!report.check(`${application.name}: installs`, () => void (folder = install(application, context)))) continue;
    if (application.name.startsWith('driver ')) context.folders.set(application.name.slice('driver '.length), folder);
    for (const [title, use] of Object.entries(application.runs)) {
      report.check(`${application.name}: ${title}`, () => use({ folder, env: context.env }));
    }
  }
}

function checkMatrix(context) {
  const observed = new Map();
  for (const column of COLUMNS.filter(isWanted)) {
    report.check(`observed with ${column.title}`, () => {
      const facts = observe(column, context);
      observed.set(column.title, facts);
      return options.update ? undefined : checkColumn(column.title, facts);
    });
  }
  if (options.update && observed.size === COLUMNS.length) updateDocument(observed);
}

async function main(work) {
  let packages;
  const isBuilt = await buildAll();
  report.check('builds and packs', () => {
    if (!isBuilt) throw new Error('the build failed');
    packages = packAll(path.join(work, 'packed'));
  });
  if (packages === undefined) return;
  checkTarballs(packages);
  const [library, workspace, collector] = packages;
  const server = emptyApplication(path.join(work, 'server'));
  if (
    !report.check(
      'local workspace and collector install',
      () => void npmInstall(server, [workspace.tarball, collector.tarball]),
    )
  )
    return;
  for (const { name, manifest } of [workspace, collector]) {
    report.check(`${name} --version`, () => {
      const version = run(server, `node_modules/.bin/${name}`, ['--version']).trim();
      if (version !== manifest.version) throw new Error(`says ${version}`);
    });
  }
  const { env, stop } = await startInstalledWorkspace(server);
  try {
    const context = { tarball: library.tarball, work, env, folders: new Map() };
    checkApplications(context);
    checkMatrix(context);
  } finally {
    stop();
  }
}

const work = mkdtempSync(path.join(tmpdir(), 'check-package-'));
try {
  await main(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = report.failures > 0 ? 1 : 0;
