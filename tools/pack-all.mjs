/*
 * npm run pack:all [-- --into <folder>]
 *
 * Builds, and writes the tarball of each package (default: into packed/), beside a folder with what is in it. These
 * folders are what `npm run release` publishes: `package.json` there holds what users need and nothing of the workshop.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** Folders of the packages; the library is the first. */
export const PACKAGES = ['.', 'packages/local-workspace', 'packages/collector'];

/** Of no use to who installs the package. */
const WORKSHOP = new Set(['workspaces', 'overrides', 'devDependencies', 'scripts', 'publishConfig']);

function npmPack(folder, ...options) {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...options], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return Object.values(JSON.parse(output))[0];
}

function packOne(source, into) {
  const manifest = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  const folder = path.join(into, manifest.name);
  rmSync(folder, { recursive: true, force: true });
  for (const { path: file } of npmPack(source, '--dry-run').files) {
    const copy = path.join(folder, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(source, file), copy);
  }
  const published = Object.fromEntries(Object.entries(manifest).filter(([name]) => !WORKSHOP.has(name)));
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  const { filename, files, size } = npmPack(folder, '--pack-destination', into);
  return {
    name: manifest.name,
    source,
    folder,
    manifest: published,
    tarball: path.join(into, filename),
    files: files.map(({ path: file }) => file),
    sizeBytes: size,
  };
}

/** Packs what is built already: for each package its name, its folder and tarball in `into`, its manifest and files. */
export function packAll(into) {
  mkdirSync(into, { recursive: true });
  return PACKAGES.map((folder) => packOne(path.join(root, folder), into));
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { into: { type: 'string', default: 'packed' } } });
  if (await buildAll()) {
    for (const { tarball, files } of packAll(path.resolve(values.into)))
      console.log(`${tarball} (${files.length} files)`);
  } else process.exitCode = 1;
}
