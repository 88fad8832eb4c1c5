import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Budgets } from '../harness/budgets';
import { BENCHMARKS, REPORTS, ROOT } from '../harness/places';
import { numberText, table } from '../harness/report';
import { brokenLimits } from './limits';
import { figuresOf } from './figures';
import { sourcesOf } from './sources';

/** The text of each TypeScript file below `folder`, by its path from there without extension. */
function textsBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => [
        file.slice(0, -'.ts'.length).replaceAll(path.sep, '/'),
        readFileSync(path.join(folder, file), 'utf8'),
      ]),
  );
}

/** `--check`: against `budgets.json`; `--list <id>`: what a figure is made of; `--json <file>`. */
function main(): void {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      list: { type: 'string' },
      json: { type: 'string', default: path.join(REPORTS, 'structure.json') },
    },
  });
  const figures = figuresOf(sourcesOf(textsBelow(path.join(ROOT, 'lib'))));
  const { structure } = JSON.parse(readFileSync(path.join(BENCHMARKS, 'budgets.json'), 'utf8')) as Budgets;
  const rows = figures.map(({ id, label, value }) => {
    const { max, goal } = structure[id] ?? {};
    return [id, label, numberText(value), max === undefined ? '' : `≤ ${max}`, goal === undefined ? '' : `≤ ${goal}`];
  });
  process.stdout.write(`${table([['id', 'figure', 'now', 'budget', 'goal'], ...rows])}\n`);
  const details = figures.find(({ id }) => id === values.list)?.details ?? [];
  for (const line of details) process.stdout.write(`  ${line}\n`);
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ command: 'npm run bench -- structure', figures }, undefined, 2)}\n`);
  if (!values.check) return;
  const broken = brokenLimits(figures, structure);
  for (const line of broken) process.stdout.write(`over budget: ${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

main();
