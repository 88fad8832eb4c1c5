import { existsSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Budget, Budgets } from './harness/budgets';
import { cells, HEADINGS, type Result } from './harness/report';

const root = path.resolve(__dirname, '../../..');
const reports = path.join(root, 'benchmarks/reports');

interface Run {
  readonly command: string;
  readonly machine: string;
  readonly results: readonly Result[];
}

interface FleetRun {
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function budgetText({ minRatio, maxOurs, reason }: Budget): string {
  const parts = [
    ...(minRatio === undefined ? [] : [`ratio ≥ ${minRatio}`]),
    ...(maxOurs === undefined ? [] : [`≤ ${maxOurs}`]),
  ];
  return `${parts.join(', ')}${reason === undefined ? '' : ' ¹'}`;
}

function main(): void {
  const { command, machine, results } = read<Run>(path.join(reports, 'results.json'));
  const budgets = read<Budgets>(path.join(root, 'benchmarks/budgets.json'));
  const rows = results.map((result) => {
    const budget = budgets.cases[result.id];
    return [...cells(result), budget === undefined ? '' : budgetText(budget)];
  });
  const reasons = results.flatMap(({ id, label }) => {
    const reason = budgets.cases[id]?.reason;
    return reason === undefined ? [] : [`- ${label}: ${reason}`];
  });
  const notes = results.flatMap(({ label, note }) => (note === undefined ? [] : [`- ${label}: ${note}.`]));
  const fleetFile = path.join(reports, 'fleet.json');
  const fleet = existsSync(fleetFile) ? read<FleetRun>(fleetFile) : undefined;
  const drawing = path.join(reports, 'fleet-outage.svg');
  if (existsSync(drawing)) copyFileSync(drawing, path.join(root, 'docs/fleet-outage.svg'));
  const text = `# Performance

Written by \`npm run bench -- document\` from the runs named below; do not edit. Numbers are medians, with the first and
third quartile in brackets. They depend on the machine; ratios within one run depend on it much less, which is why the
budgets (\`benchmarks/budgets.json\`) are ratios wherever they can be. A ratio is the other's number divided by ours, taken
round by round: ${'`official`'} stands for the telemetry built into driver 2.1.0, measured through its own classes with the
same inputs, and for the plain driver where nothing stands under ${'`official`'} that costs anything.

## What telemetry costs

Command: \`${command}\` on ${machine}.

${markdownTable([[...HEADINGS, 'budget'], ...rows])}

${notes.join('\n')}

Where a goal is out of reach, the budget holds what was reached and this is the limit (¹):

${reasons.join('\n')}

What the rows mean: *statement* is what the application's own calls pay for a statement from its start to its end,
without the export, which happens later. *Longest block* is the most CPU between two turns of the event loop while a
backlog is sent. *Small query* is the CPU of the whole process, telemetry requests included, against a local workspace in
a process of its own. OpenTelemetry (one span and one histogram value for each statement, SDK with batch processor) is a
yardstick.

## A fleet

Command: \`${fleet?.command ?? 'not run'}\`. A simulation on a virtual clock that drives the real schedule, backoff, breaker and flag
of this library, and the real aggregator, exporter and breaker of the official driver, which is simulated without its feature flag. Each process ends a statement every
5 seconds on average; the service takes three times the steady mean. *Peak* counts after the disturbance; *drained after*
is the time from its end until no more is pending than before; *lost* are records that were collected and never arrive
(for the flag: that were not to be sent).

${fleet === undefined ? '' : markdownTable([fleet.columns, ...fleet.rows])}

![Requests per second before, during and after an outage of ten minutes](fleet-outage.svg)

The defaults follow from it: the first interval is cut to a random part, so that processes which start together do not
flush together; after a refusal a process waits a whole interval and a random part of another, so that those which were
refused together do not come back together; an open breaker holds records instead of dropping them.

## Soak

Command: \`npm run bench -- soak\`. It runs statements against a service in the same process that sometimes fails, then
queries against a local workspace: heap, handles and listeners must not grow, and the books must balance. So far the short
form was run, \`npm run bench -- soak --statements 300000 --minutes 0\`; the long form was not.
`;
  writeFileSync(path.join(root, 'docs/PERFORMANCE.md'), text);
}

main();
