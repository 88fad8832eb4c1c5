/* What is in a tarball: the files users need and no others, a manifest without the workshop, links that lead somewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WORKSPACE_ENTRIES } from '../build.mjs';

const WORKSHOP = ['workspaces', 'overrides', 'devDependencies', 'scripts', 'publishConfig', 'private'];

/** What every package holds. */
const HEAD = ['LICENSE', 'README.md', 'package.json'];

function documentsIn(root, folder) {
  return readdirSync(path.join(root, folder))
    .filter((file) => /\.(md|svg|png|json)$/.test(file))
    .map((file) => `${folder}/${file}`);
}

const sourcesOf = (source) =>
  readdirSync(path.join(source, 'lib'), { recursive: true }).filter((file) => file.endsWith('.ts'));
const withoutEnding = (file) => file.slice(0, -'.ts'.length);

const declarationsOf = (source) => sourcesOf(source).map((file) => `dist/${withoutEnding(file)}.d.ts`);

/** Files of the library: one script for each entry, and declarations. */
function filesOfLibrary(source, manifest) {
  const bundles = [manifest.main, ...Object.values(manifest.bin ?? {}), ...exportsOf(manifest)].map((file) =>
    path.posix.normalize(file),
  );
  const documents = ['CHANGELOG.md', 'CONTRIBUTING.md', ...documentsIn(source, 'docs'), ...documentsIn(source, 'spec')];
  return [...HEAD, ...documents, ...bundles, ...declarationsOf(source)];
}

/** Of the local workspace: one script for each entry, and declarations. */
function filesOfWorkspace(source) {
  const bundles = Object.keys(WORKSPACE_ENTRIES).map((entry) => `dist/${entry}.js`);
  return [...HEAD, ...bundles, ...declarationsOf(source)];
}

function exportsOf({ exports }) {
  return Object.values(exports)
    .map((entry) => entry.default)
    .filter((file) => file !== undefined);
}

/** Of the collector: compiled files one by one; what else it holds is its own business. */
function filesOfCollector(source, actual) {
  const compiled = sourcesOf(source).flatMap((file) =>
    ['.js', '.d.ts'].map((ending) => `dist/${withoutEnding(file)}${ending}`),
  );
  const others = actual.filter((file) => /^(docs|deploy|dist\/public)\//.test(file));
  return [...HEAD, ...compiled, ...others];
}

/** Throws when a file is missing or one too many. */
export function checkFiles({ name, source, manifest, files, sizeBytes }) {
  const expectedOf = {
    'databricks-sql-telemetry': () => filesOfLibrary(source, manifest),
    'databricks-local-workspace': () => filesOfWorkspace(source),
    'databricks-telemetry-collector': () => filesOfCollector(source, files),
  };
  const expected = new Set(expectedOf[name]());
  const surplus = files.filter((file) => !expected.has(file)).map((file) => `not for users: ${file}`);
  const missing = [...expected].filter((file) => !files.includes(file)).map((file) => `missing: ${file}`);
  if (surplus.length + missing.length > 0) throw new Error([...surplus, ...missing].join('\n'));
  return `${files.length} files, ${Math.ceil(sizeBytes / 1024)} kB`;
}

/** Throws when the manifest in the tarball holds what only this repository needs. */
export function checkManifest({ folder }) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const surplus = WORKSHOP.filter((name) => name in manifest);
  if (surplus.length > 0) throw new Error(`package.json holds ${surplus.join(', ')}`);
}

/** Throws when a document in the tarball links to a file that is not there. */
export function checkLinks({ folder, files }) {
  const broken = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((document) => {
      const text = readFileSync(path.join(folder, document), 'utf8');
      const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, link]) => link);
      const missing = links.filter((link) => !files.includes(path.posix.join(path.posix.dirname(document), link)));
      return missing.map((link) => `${document} links to ${link}, which is not in the package`);
    });
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
