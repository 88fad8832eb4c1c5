import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHMARKS, REPORTS } from '../harness/places';
import { table } from '../harness/report';
import { aboveBars, grown, updated, type Baseline } from './baseline';
import { measure, measureYardstick, type Measured } from './measure';

const baselineFile = path.join(BENCHMARKS, 'calls-baseline.json');

const text = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1));

function rows(measured: readonly Measured[], yardstick: number): string[][] {
  return [
    ['driver', 'added calls', 'ours', 'official', 'off', 'plain driver (all)'],
    ...measured.flatMap(({ driver, figures: f }) => [
      [driver, 'SELECT 1, export included', text(f.ours), text(f.official), text(f.off), text(f.plain)],
      [driver, 'and one subscriber of a channel', text(f.subscribed)],
      [driver, 'and traceStatements, no tracer', text(f.traced)],
      [driver, 'each CloudFetch file', text(f.file), text(f.officialFile)],
      [driver, 'each inline page', text(f.page), text(f.officialPage)],
      [driver, 'functions entered', String(f.functions)],
      [driver, 'files entered', String(f.files)],
    ]),
    ['', 'yardstick: a query with instrumentation-pg, no tracer', text(yardstick)],
  ];
}

function printList({ driver, list }: Measured): void {
  process.stdout.write(`\nThe library's functions in one SELECT 1 (driver ${driver}), export included:\n`);
  const lines = list
    .filter(({ calls }) => calls >= 0.005)
    .map(({ name, source, calls }) => [calls.toFixed(2).padStart(8), name, source ?? '(bundle)']);
  process.stdout.write(`${table(lines)}\n`);
}

/**
 * `--driver <version>` (several times: each of them); `--check`: against the baseline; `--update`: writes it; `--list`:
 * the library's functions; `--json <file>`; `--processes`, `--workers`.
 */
async function main(): Promise<void> {
  const installed = (require('@databricks/sql/package.json') as { version: string }).version;
  const { values } = parseArgs({
    options: {
      driver: { type: 'string', multiple: true, default: [installed] },
      check: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      json: { type: 'string', default: path.join(REPORTS, 'calls.json') },
      processes: { type: 'string', default: '3' },
      workers: { type: 'string', default: String(os.availableParallelism()) },
    },
  });
  const node = process.versions.node.split('.')[0] ?? '';
  const measured: Measured[] = [];
  for (const driver of values.driver) {
    measured.push(await measure(driver, Number(values.processes), Number(values.workers)));
  }
  const yardstick = await measureYardstick();
  process.stdout.write(`Node.js ${process.versions.node}\n${table(rows(measured, yardstick))}\n`);
  if (values.list) measured.forEach(printList);
  const command = `npm run bench -- calls ${process.argv.slice(2).join(' ')}`.trim();
  const drivers = measured.map(({ driver, figures }) => ({ driver, figures }));
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(
    values.json,
    `${JSON.stringify({ command, node: process.versions.node, drivers, yardstick }, undefined, 2)}\n`,
  );
  const baseline = existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, 'utf8')) as Baseline) : {};
  if (values.update) {
    const next = measured.reduce((all, { driver, figures }) => updated(all, driver, node, figures), baseline);
    writeFileSync(baselineFile, `${JSON.stringify(next, undefined, 2)}\n`);
  }
  if (!values.check) return;
  const problemsOf = ({ driver, figures }: Measured): string[] => [
    ...grown(baseline, driver, node, figures),
    ...aboveBars(driver, figures),
  ];
  const problems: string[] = [];
  for (const first of measured) {
    if (problemsOf(first).length === 0) continue;
    // When timers of Node.js are due is chance: what has grown is above its limit twice.
    const second = await measure(first.driver, Number(values.processes) + 2, Number(values.workers));
    process.stdout.write(`measured again: SELECT 1 ${text(second.figures.ours)}\n`);
    problems.push(...problemsOf(second));
  }
  for (const line of problems) process.stdout.write(`grown: ${line}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main().then(() => process.exit());
