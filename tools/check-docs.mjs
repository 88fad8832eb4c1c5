// What the documents name exists: relative links and their anchors, `npm run` scripts, paths in backticks; in `spec/` and
// AGENTS.md also classes with a member, and functions. The README keeps its commands. Options, exports, snippets and tables: tests/repository/docs.test.ts.
// Usage: npm run check:docs
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' });
const documents = list
  .split('\n')
  .filter((file) => file && !file.startsWith('.changeset/') && existsSync(path.join(root, file)));
const scriptsIn = (folder) => {
  const manifest = path.join(folder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).scripts : {};
};
const scripts = scriptsIn(root);
const README_COMMANDS = ['npm ci && npm test', 'npm ci && npm run demo'];
const BUILT = /(^|\/)(dist|node_modules|coverage)(\/|$)/;

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (text) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));

/** The words of all TypeScript files of a folder, by the name of the file without extension. */
const wordsIn = (folder) =>
  new Map(
    readdirSync(path.join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => {
        const text = readFileSync(path.join(root, folder, file), 'utf8');
        return [path.basename(file, '.ts'), new Set(text.match(/\w+/g))];
      }),
  );
const library = wordsIn('lib');
const words = new Set(
  [...library.values(), ...wordsIn('node_modules/@databricks/sql/dist').values()].flatMap((some) => [...some]),
);

const problems = [];
for (const file of documents) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const folder = path.join(root, path.dirname(file));
  const all = (pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  const exists = (name) => existsSync(path.join(folder, name)) || existsSync(path.join(root, name));

  for (const link of all(/\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)) {
    if (!existsSync(path.resolve(folder, link))) problems.push(`${file}: broken link ${link}`);
  }
  for (const [, target, anchor] of text.matchAll(/\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)\)/g)) {
    const page =
      target === ''
        ? text
        : existsSync(path.resolve(folder, target)) && readFileSync(path.resolve(folder, target), 'utf8');
    if (page && !anchorsIn(page).includes(anchor)) problems.push(`${file}: there is no heading ${target}#${anchor}`);
  }
  for (const script of all(/npm run (?:-s )?([\w:-]+)/g)) {
    if (!scripts[script] && !scriptsIn(folder)?.[script]) problems.push(`${file}: there is no script ${script}`);
  }
  for (const name of all(/`((?:\.?[\w-]+\/)+[\w.-]*)`/g)) {
    const known = /^(lib|tests|tools|packages|docs|spec|examples|benchmarks|\.ci|\.changeset)\//.test(name);
    if (known && !BUILT.test(name) && !exists(name)) problems.push(`${file}: there is no ${name}`);
  }
  if (file !== 'AGENTS.md' && !file.startsWith('spec/')) continue;
  for (const [, owner, member] of text.matchAll(/`([A-Z]\w+)\.([a-z]\w+)(?:\(\))?`/g)) {
    const known = library.get(owner);
    if (known && member !== 'ts' && !known.has(member)) problems.push(`${file}: there is no ${owner}.${member}`);
  }
  for (const name of all(/`([a-z]+[A-Z]\w*)(?:\(.*?\))?`/g)) {
    if (!words.has(name)) problems.push(`${file}: there is no ${name}`);
  }
}
const readme = existsSync(path.join(root, 'README.md')) ? readFileSync(path.join(root, 'README.md'), 'utf8') : '';
for (const command of README_COMMANDS) {
  if (!readme.includes(command)) problems.push(`README.md does not say \`${command}\``);
}

for (const problem of problems) console.error(problem);
console.log(`${documents.length} documents, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
