import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Figures } from '../calls/measure';
import type { Budgets } from '../harness/budgets';
import { BENCHMARKS, MACHINE, REPORTS } from '../harness/places';
import { table, type Result } from '../harness/report';
import type { Figure } from '../structure/figures';
import { demoWorkload } from '../turns/demoWorkload';
import { tinyQueries, tinyQueriesForBars } from '../turns/tinyQueries';
import { barsOf } from './rows';

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** Runs another program of the benchmark; its report in JSON, or undefined when it failed, which is shown. */
function reportOf<T>(program: string, options: readonly string[] = []): T | undefined {
  const file = path.join(REPORTS, `bars-${path.dirname(program).replace('.', 'parts')}.json`);
  const script = path.join(__dirname, '..', program);
  process.stderr.write(`${path.dirname(program) === '.' ? 'parts' : path.dirname(program)} …\n`);
  const command = [...process.execArgv, script, ...options, '--json', file];
  const { status, error, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (error) throw error;
  if (status === 0) return read<T>(file);
  process.stderr.write(stderr);
  return undefined;
}

function needed<T>(report: T | undefined, what: string): T {
  if (report === undefined) throw new Error(`${what} failed`);
  return report;
}

/**
 * All bars, in a few minutes. `--json`: as JSON; `--long`: as many rounds as the benchmark itself takes;
 * `--without-parts`: leaves out what is compiled together with the library's parts.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      'without-parts': { type: 'boolean', default: false },
    },
  });
  const isShort = !values.long;
  mkdirSync(REPORTS, { recursive: true });
  const { figures: structure } = needed(
    reportOf<{ readonly figures: readonly Figure[] }>('structure/main.js'),
    'structure',
  );
  const { drivers } = needed(
    reportOf<{ readonly drivers: readonly { readonly figures: Figures }[] }>('calls/main.js'),
    'calls',
  );
  const calls = needed(drivers[0], 'calls').figures;
  const parts = values['without-parts']
    ? undefined
    : reportOf<{ readonly results: readonly Result[] }>('main.js', [
        '--only',
        'lifecycle,export',
        ...(isShort ? ['--short'] : []),
      ]);
  process.stderr.write('tiny queries …\n');
  const tiny = await (isShort ? tinyQueriesForBars() : tinyQueries(undefined, false));
  process.stderr.write("the demo's workload …\n");
  const demo = await demoWorkload(undefined, isShort);
  const { structure: limits } = read<Budgets>(path.join(BENCHMARKS, 'budgets.json'));
  const results = [...tiny, ...demo, ...(parts?.results ?? [])];
  const bars = barsOf({ calls, structure, limits, results });
  writeFileSync(path.join(REPORTS, 'bars.json'), `${JSON.stringify({ machine: MACHINE, bars }, undefined, 2)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ machine: MACHINE, bars }, undefined, 2)}\n`);
  else {
    const rows = bars.map(({ measure, goal, now, met }) => [measure, goal, now, met]);
    process.stdout.write(`${MACHINE}\n\n${table([['measure', 'goal', 'now', 'met'], ...rows])}\n`);
  }
}

void main().then(() => process.exit());
