import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brokenBudgets, type Budgets } from './harness/budgets';
import type { Effort } from './harness/measure';
import { cells, HEADINGS, table, type Result } from './harness/report';
import { errors } from './micro/errors';
import { exporting } from './micro/exporting';
import { lifecycle } from './micro/lifecycle';
import { overload } from './micro/overload';
import { workload } from './workload/workload';

type Part = (effort: Effort, isShort: boolean) => Promise<Result[]>;

const PARTS: Readonly<Record<string, Part>> = { lifecycle, errors, exporting, overload, workload };

const LONG: Effort = { rounds: 60, stretches: 9, count: 96 };
const SHORT: Effort = { rounds: 40, stretches: 7, count: 96 };

const folder = path.resolve(__dirname, '../..');

function machine(): string {
  const cores = os.cpus();
  return `Node.js ${process.versions.node}, ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'})`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'string', default: path.join(folder, 'reports/results.json') },
    },
  });
  const results: Result[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (!name.includes(values.only)) continue;
    const measured = await part(values.short ? SHORT : LONG, values.short);
    results.push(...measured);
  }
  process.stdout.write(`${table([HEADINGS, ...results.map(cells)])}\n`);
  const run = { command: ['npm run bench', ...process.argv.slice(2)].join(' -- '), machine: machine(), results };
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(run, undefined, 2)}\n`);
  if (!values.check) return;
  const budgets = JSON.parse(readFileSync(path.join(folder, 'budgets.json'), 'utf8')) as Budgets;
  const broken = brokenBudgets(results, budgets);
  for (const line of broken) process.stdout.write(`over budget: ${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

void main().then(() => process.exit());
