/*
 * What is observed with which driver and runtime, found out by running tests/package/observed.cjs, and as the table of
 * docs/COMPATIBILITY.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyApplication } from './workspace.mjs';
import { NEWEST, OLDEST, install } from './applications.mjs';
import { run } from './report.mjs';

const document = path.resolve(import.meta.dirname, '../../docs/COMPATIBILITY.md');
const DRIVERS = [OLDEST, '1.13.0', '1.14.0', '1.15.0', '1.16.0', '1.17.0', '2.0.0', NEWEST];

/** Packages of the npm registry that bring a runtime, and how it runs a file. */
const RUNTIMES = [
  { name: 'Node.js 22', packageName: `node-${process.platform}-${process.arch}@22`, program: 'node', args: [] },
  { name: 'Node.js 24', packageName: `node-${process.platform}-${process.arch}@24`, program: 'node', args: [] },
  { name: 'Bun', packageName: 'bun', program: 'bun', args: [] },
  { name: 'Deno', packageName: 'deno', program: 'deno', args: ['run', '--allow-all'] },
];

const oldestNode = (program) => ({ name: 'Node.js 20', program, args: [] });

/** Columns of the table: driver, runtime, backend. `isSample`: looked at in every CI run. */
export const COLUMNS = [
  ...DRIVERS.map((driver) => ({ title: driver, driver, isSample: driver === OLDEST || driver === NEWEST })),
  { title: `${NEWEST}, kernel`, driver: NEWEST, kernel: true, isSample: true },
  ...RUNTIMES.map((runtime) => ({ title: `${NEWEST}, ${runtime.name}`, driver: NEWEST, runtime, isSample: false })),
];

/** The runtime's program; its package is installed on first use, with the script that puts the program in its place. */
function programOf({ name, packageName, program }, work) {
  const home = path.join(work, 'runtimes', name.replace(/\W+/g, '-'));
  if (!existsSync(home)) {
    emptyApplication(home);
    run(home, 'npm', ['install', '--no-audit', '--no-fund', packageName]);
  }
  const plain = path.join(home, 'node_modules', packageName.replace(/@\d+$/, ''), 'bin', program);
  return existsSync(plain) ? plain : path.join(home, 'node_modules/.bin', program);
}

/** Each fact, and whether the library showed it. */
export function observe({ driver, kernel, runtime = oldestNode(process.execPath) }, context) {
  const application = { name: `driver ${driver}`, packages: [`@databricks/sql@${driver}`] };
  const folder = context.folders.get(driver) ?? install(application, context);
  context.folders.set(driver, folder);
  const program = runtime.packageName === undefined ? runtime.program : programOf(runtime, context.work);
  const args = [...runtime.args, 'observed.cjs', ...(kernel ? ['kernel'] : [])];
  const output = run(folder, program, args, context.env);
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** The table for what was observed, columns by title. */
function tableOf(observed) {
  const titles = [...observed.keys()];
  const facts = Object.keys(observed.get(titles[0]));
  const rows = facts.map((fact) => [fact, ...titles.map((title) => (observed.get(title)[fact] ? 'yes' : '–'))]);
  const all = [['what', ...titles], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(all[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

const SECTION = /(<!-- observed -->\n)([^]*?)(\n<!-- \/observed -->)/;

/** Writes the table into the document. */
export function updateDocument(observed) {
  const text = readFileSync(document, 'utf8');
  writeFileSync(
    document,
    text.replace(SECTION, (_all, open, _old, close) => `${open}\n${tableOf(observed)}\n${close}`),
  );
}

/** Throws unless the column `title` of the document says what was observed. */
export function checkColumn(title, facts) {
  const [head, , ...rows] = SECTION.exec(readFileSync(document, 'utf8'))[2]
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  const column = head.indexOf(title);
  if (column < 0) throw new Error(`docs/COMPATIBILITY.md has no column ${title}`);
  const said = Object.fromEntries(rows.map((row) => [row[0], row[column] === 'yes']));
  const different = Object.keys({ ...facts, ...said }).filter((fact) => facts[fact] !== said[fact]);
  if (different.length > 0) {
    throw new Error(`docs/COMPATIBILITY.md is not up to date for ${title}: ${different.join('; ')}`);
  }
  return `${Object.values(facts).filter(Boolean).length} of ${Object.keys(facts).length}`;
}
