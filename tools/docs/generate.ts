/*
 * npm run docs
 *
 * Brings the generated parts of the documents up to date: the tables of options and fields, the example records, which
 * come from a run against the local workspace, docs/trace.svg, which is drawn from such a run, and docs/fields.json, the
 * list of fields for programs.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GENERATED, regenerated } from './document';
import { fieldsAsJson } from './fieldList';
import { captureExamples } from './records';
import { renewedTraceFigure } from './traceFigure';

const root = path.resolve(__dirname, '../..');

async function bringUpToDate(name: string, renew: (before: string) => Promise<string>): Promise<void> {
  const file = path.join(root, name);
  const before = await readFile(file, 'utf8').catch(() => '');
  const after = await renew(before);
  if (after !== before) await writeFile(file, after);
  process.stdout.write(`${name} ${after === before ? 'is' : 'was brought'} up to date\n`);
}

async function main(): Promise<void> {
  const examples = await captureExamples();
  for (const name of Object.keys(GENERATED)) {
    await bringUpToDate(name, (before) => regenerated(before, path.join(root, name), examples));
  }
  await bringUpToDate('docs/trace.svg', renewedTraceFigure);
  await bringUpToDate('docs/fields.json', () => fieldsAsJson(path.join(root, 'docs/fields.json')));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
