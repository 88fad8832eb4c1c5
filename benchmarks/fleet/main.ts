import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { numberText, table } from '../harness/report';
import { chart } from './chart';
import { simulate, type Outcome, type Scenario } from './simulate';

const MINUTE = 60_000;

function scenarios(processes: number, most: number): Scenario[] {
  const usual = { processes, startWithinMs: MINUTE, statementEveryMs: 5000, limit: 3 };
  const outage = {
    fromMs: 3 * MINUTE,
    untilMs: 13 * MINUTE,
    begin: (service: { isReachable: boolean }) => void (service.isReachable = false),
    end: (service: { isReachable: boolean }) => void (service.isReachable = true),
  };
  const storm = {
    fromMs: 3 * MINUTE,
    untilMs: 5 * MINUTE,
    begin: (service: { isShedding: boolean }) => void (service.isShedding = true),
    end: (service: { isShedding: boolean }) => void (service.isShedding = false),
  };
  const flip = {
    fromMs: 3 * MINUTE,
    untilMs: 3 * MINUTE + 5000,
    begin: (service: { isFlagOn: boolean }) => void (service.isFlagOn = false),
    end: () => undefined,
  };
  return [
    { ...usual, name: 'steady', processes: most, endMs: MINUTE, startWithinMs: 30_000 },
    { ...usual, name: 'simultaneous deploy', processes: most, startWithinMs: 1000, endMs: MINUTE },
    { ...usual, name: 'outage of 10 minutes', endMs: 25 * MINUTE, disturbance: outage },
    { ...usual, name: '429 for 2 minutes', endMs: 12 * MINUTE, disturbance: storm },
    { ...usual, name: 'flag switched off', endMs: 21 * MINUTE, disturbance: flip },
  ];
}

const COLUMNS = [
  'scenario',
  'who',
  'processes',
  'mean/s',
  'peak/s',
  'peak ÷ mean',
  '429s',
  'drained after',
  'records',
  'lost',
];

function cells(outcome: Outcome): string[] {
  const { scenario, who, processes, meanPerSecond, peakPerSecond, peakToMean, refused, drainSeconds, collected, lost } =
    outcome;
  const numbers = [meanPerSecond, peakPerSecond, peakToMean].map(numberText);
  const drained = drainSeconds === undefined ? '-' : `${drainSeconds} s`;
  return [scenario, who, String(processes), ...numbers, String(refused), drained, String(collected), String(lost)];
}

/** `--processes`: fleet of the long scenarios; `--most`: fleet of the short ones; `--only <text>`: some scenarios. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      processes: { type: 'string', default: '1000' },
      most: { type: 'string', default: '100000' },
      only: { type: 'string', default: '' },
    },
  });
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios(Number(values.processes), Number(values.most))) {
    if (!scenario.name.includes(values.only)) continue;
    for (const who of ['ours', 'official'] as const) {
      const outcome = await simulate(scenario, who);
      outcomes.push(outcome);
      process.stderr.write(`${cells(outcome).join('  ')}\n`);
    }
  }
  process.stdout.write(`${table([COLUMNS, ...outcomes.map(cells)])}\n`);
  const folder = path.resolve(__dirname, '../../../reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'fleet.json'),
    JSON.stringify(
      {
        command: ['npm run bench -- fleet', ...process.argv.slice(2)].join(' '),
        columns: COLUMNS,
        rows: outcomes.map(cells),
      },
      undefined,
      2,
    ),
  );
  const outage = outcomes.filter(({ scenario }) => scenario.startsWith('outage'));
  if (outage.length > 0) writeFileSync(path.join(folder, 'fleet-outage.svg'), chart(outage));
}

void main().then(() => process.exit());
