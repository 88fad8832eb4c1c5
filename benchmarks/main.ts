import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brokenBudgets, type Budgets } from './harness/budgets';
import type { Effort } from './harness/measure';
import { BENCHMARKS, MACHINE, REPORTS } from './harness/places';
import { tablesOf, type Result } from './harness/report';
import { blocking } from './micro/blocking';
import { errors } from './micro/errors';
import { exporting } from './micro/exporting';
import { lifecycle } from './micro/lifecycle';
import { overload } from './micro/overload';
import { wire } from './micro/wire';
import { cloudFetch } from './turns/cloudFetch';
import { demoWorkload } from './turns/demoWorkload';
import { tinyQueries } from './turns/tinyQueries';
import { closing } from './workload/closing';
import { coldStart } from './workload/coldStart';
import { connecting } from './workload/connecting';
import { disabled } from './workload/disabled';
import { memory } from './workload/memory';

type Part = (effort: Effort, isShort: boolean) => Promise<Result[]>;

const PARTS: Readonly<Record<string, Part>> = {
  lifecycle,
  errors,
  export: exporting,
  blocking,
  wire,
  overload,
  disabled,
  turns: tinyQueries,
  memory,
  cloudfetch: cloudFetch,
  demo: (effort, isShort) => (isShort ? Promise.resolve([]) : demoWorkload(effort, isShort)),
  cold: coldStart,
  connect: connecting,
  close: closing,
};

const LONG: Effort = { rounds: 60, stretches: 9, count: 96 };
const SHORT: Effort = { rounds: 40, stretches: 7, count: 96 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'string', default: path.join(REPORTS, 'results.json') },
    },
  });
  const only = values.only === '' ? Object.keys(PARTS) : values.only.split(',');
  const unknown = only.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')} (${Object.keys(PARTS).join(', ')})`);
  const budgets = JSON.parse(readFileSync(path.join(BENCHMARKS, 'budgets.json'), 'utf8')) as Budgets;
  const startedAtMs = performance.now();
  const results: Result[] = [];
  const broken: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (!only.includes(name)) continue;
    const measure = (): Promise<Result[]> => part(values.short ? SHORT : LONG, values.short);
    let measured = await measure();
    let brokenHere = brokenBudgets(measured, budgets, values.short);
    if (values.check && brokenHere.length > 0) {
      // A moment of the machine is not measured twice.
      process.stderr.write(`${name} is measured again: ${brokenHere.join('; ')}\n`);
      measured = await measure();
      brokenHere = brokenBudgets(measured, budgets, values.short);
    }
    results.push(...measured);
    broken.push(...brokenHere);
    process.stderr.write(`${tablesOf(measured)}\n`);
  }
  process.stdout.write(`\n${tablesOf(results)}\n`);
  const run = {
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, ''),
    machine: MACHINE,
    seconds: Math.round((performance.now() - startedAtMs) / 1000),
    results,
  };
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(run, undefined, 2)}\n`);
  if (!values.check) return;
  for (const line of broken) process.stdout.write(`over budget: ${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

void main().then(() => process.exit());
