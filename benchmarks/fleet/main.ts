import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Budgets } from '../harness/budgets';
import { numberText, table } from '../harness/report';
import { chart } from './chart';
import type { Run } from './runProcess';
import { scenariosOf } from './scenarios';
import type { Outcome } from './simulate';

const COLUMNS = [
  'scenario',
  'who',
  'processes',
  'statement every',
  'mean/s',
  'peak/s',
  'peak ÷ mean',
  'first flags, peak/s',
  'later flags, peak/s',
  '429s',
  'drained after',
  'records',
  'lost',
];

function cells(outcome: Outcome): string[] {
  const { scenario, who, processes, statementEveryMs, meanPerSecond, peakPerSecond, peakToMean } = outcome;
  const { firstFlagPeakPerSecond, flagPeakPerSecond, refused, drainSeconds, collected, lost } = outcome;
  const numbers = [meanPerSecond, peakPerSecond, peakToMean].map(numberText);
  const drained = drainSeconds === undefined ? '-' : `${Math.round(drainSeconds)} s`;
  // The official driver is simulated without its flag.
  const flags = [firstFlagPeakPerSecond, flagPeakPerSecond].map((peak) => (who === 'ours' ? String(peak) : '-'));
  return [
    scenario,
    who,
    String(processes),
    `${statementEveryMs / 1000} s`,
    ...numbers,
    ...flags,
    String(refused),
    drained,
    String(collected),
    String(lost),
  ];
}

/** Longest scenario of a short run, in simulated milliseconds. */
const SHORT_MS = 20 * 60_000;

/** 100,000 processes' worth of clients fit. */
const HEAP_MIB = 6144;

async function outcomeOf(run: Run): Promise<Outcome> {
  const child = fork(path.join(__dirname, 'runProcess.js'), [JSON.stringify(run)], {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, '--max-semi-space-size=64'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${run.scenario} (${run.who}) ended with ${String(code)}`);
  });
  const [outcome] = (await Promise.race([once(child, 'message'), ended])) as [Outcome];
  ended.catch(() => undefined);
  process.stderr.write(`${cells(outcome).join('  ')}  in ${outcome.realSeconds.toFixed(0)} s\n`);
  return outcome;
}

/** The outcomes in the order of `runs`, `workers` at a time. */
async function outcomesOf(runs: readonly Run[], workers: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < runs.length; index = next++) {
      outcomes[index] = await outcomeOf(runs[index] as Run);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return outcomes;
}

/** One sentence for each way in which this library breaks what `budgets.json` says of a fleet. */
function brokenBudgets(
  outcomes: readonly Outcome[],
  { maxPeakToMean, maxFlagPeakToMean, maxLost }: Budgets['fleet'],
): string[] {
  return outcomes
    .filter(({ who }) => who === 'ours')
    .flatMap(({ scenario, peakToMean, flagPeakPerSecond, meanPerSecond, wronglyLost }) => [
      ...(peakToMean <= maxPeakToMean
        ? []
        : [`${scenario}: peak ÷ mean ${numberText(peakToMean)}, not ${maxPeakToMean}`]),
      ...(flagPeakPerSecond <= maxFlagPeakToMean * meanPerSecond
        ? []
        : [`${scenario}: ${flagPeakPerSecond} flags in a second, not ${maxFlagPeakToMean} times the mean of the rest`]),
      ...(wronglyLost <= maxLost ? [] : [`${scenario}: ${wronglyLost} records lost, not ${maxLost}`]),
    ]);
}

/** `--processes <n>`: size of the fleet; `--short`: a small one; `--only <text>`: some scenarios; `--check`: budgets. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      processes: { type: 'string', default: '100000' },
      short: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      check: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(Math.min(2, os.availableParallelism())) },
    },
  });
  const processes = values.short ? 500 : Number(values.processes);
  const runs = scenariosOf(processes)
    .filter(({ name, endMs }) => name.includes(values.only) && !(values.short && endMs > SHORT_MS))
    .flatMap(({ name }) => (['ours', 'official'] as const).map((who): Run => ({ processes, scenario: name, who })));
  const startedAtMs = performance.now();
  const outcomes = await outcomesOf(runs, Number(values.workers));
  process.stdout.write(`${table([COLUMNS, ...outcomes.map(cells)])}\n`);
  const benchmarks = path.resolve(__dirname, '../../..');
  const folder = path.join(benchmarks, 'reports');
  mkdirSync(folder, { recursive: true });
  const charts = [...new Set(runs.map(({ scenario }) => scenario))].map((scenario) => {
    const file = `fleet-${scenario.replaceAll(' ', '-')}.svg`;
    writeFileSync(path.join(folder, file), chart(outcomes.filter((outcome) => outcome.scenario === scenario)));
    return { scenario, file };
  });
  const report = {
    command: `npm run bench -- fleet ${process.argv.slice(2).join(' ')}`.trim(),
    seconds: Math.round((performance.now() - startedAtMs) / 1000),
    columns: COLUMNS,
    rows: outcomes.map(cells),
    charts,
  };
  writeFileSync(path.join(folder, 'fleet.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  if (!values.check) return;
  const { fleet } = JSON.parse(readFileSync(path.join(benchmarks, 'budgets.json'), 'utf8')) as Budgets;
  const broken = brokenBudgets(outcomes, fleet);
  for (const line of broken) process.stdout.write(`over budget: ${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

void main().then(() => process.exit());
