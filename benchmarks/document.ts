import { existsSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Budget, Budgets } from './harness/budgets';
import { cells, HEADINGS, type Result } from './harness/report';
import { cells as soakCells, HEADINGS as SOAK_HEADINGS, type Sample } from './soak/samples';

const root = path.resolve(__dirname, '../../..');
const reports = path.join(root, 'benchmarks/reports');

interface Run {
  readonly command: string;
  readonly machine: string;
  readonly seconds: number;
  readonly results: readonly Result[];
}

interface FleetRun {
  readonly command: string;
  readonly seconds: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly charts: ReadonlyArray<{ readonly scenario: string; readonly file: string }>;
}

interface SoakPart {
  readonly command: string;
  readonly samples: readonly Sample[];
  readonly found: readonly string[];
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

/** The report of an earlier run, if there is one. */
function found<T>(name: string): T | undefined {
  const file = path.join(reports, name);
  return existsSync(file) ? read<T>(file) : undefined;
}

/** What the budgets have to say beside their limits. */
function remarks(results: readonly Result[], budgets: Budgets): string {
  const lines = results.flatMap(({ id, label }) => {
    const { goal, reason } = budgets.cases[id] ?? {};
    if (reason === undefined) return [];
    return [`- ${label}: ${goal === undefined ? '' : `the goal is ${goal}; `}${reason}`];
  });
  if (lines.length === 0) return '';
  return `\nWhere a goal is out of reach, the budget holds what was reached and this is the limit (¹):\n\n${lines.join('\n')}\n`;
}

function costs({ command, machine, seconds, results }: Run, budgets: Budgets): string {
  const rows = results.map((result) => {
    const budget = budgets.cases[result.id];
    return [...cells(result), budget === undefined ? '' : budgetText(budget)];
  });
  const notes = results.flatMap(({ label, note }) => (note === undefined ? [] : [`- ${label}: ${note}.`]));
  return `## What telemetry costs

Command: \`${command}\` on ${machine}; it took ${Math.round(seconds / 60)} minutes.

${markdownTable([[...HEADINGS, 'budget'], ...rows])}

${notes.join('\n')}
${remarks(results, budgets)}
What the rows mean:

- _statement_: what the application's own calls pay for a statement from its start to its end, without the export, which
  happens later.
- _longest block_: the longest time between two turns of the event loop while a backlog is sent.
- _small query_: CPU of the client's whole process, telemetry requests included. Each subject has a process of its own,
  the local workspace has another; subjects take turns every 20 queries, and 100 queries, a full batch, are one
  measurement.
- _while the engine still compiles_: the first 2,500 queries of a process. V8 compiles what runs often, the driver's code
  and ours, and that is part of the CPU.
- Connections accept any certificate, so that no list of authorities need be parsed for them, as with a workspace that has
  a public certificate. In each request of an application with \`customCaCert\` Node.js handles that list again: its
  queries take twice the CPU, with and without telemetry.
- _the plain driver twice_: the same measured against itself. What it differs by cannot be told apart in this run, and
  budgets of "no difference" leave that much room.
- _OpenTelemetry_: one span and one histogram value for each statement, SDK with batch processor, as a yardstick.
`;
}

function fleetText(fleet: FleetRun | undefined): string {
  if (fleet === undefined) return '## A fleet\n\nNot run.\n';
  for (const { file } of fleet.charts) copyFileSync(path.join(reports, file), path.join(root, 'docs', file));
  const charts = fleet.charts.map(({ scenario, file }) => `![Telemetry requests per second: ${scenario}](${file})`);
  return `## A fleet

Command: \`${fleet.command}\`; it took ${Math.round(fleet.seconds / 60)} minutes. A simulation on a virtual clock that
drives the real schedule, backoff, breaker and flag of this library, and the real aggregator, exporter and breaker of the
official driver, which is simulated without its feature flag. The service takes three times the steady mean. _Peak_ counts
after the disturbance; _drained after_ is the time from its end until no more is pending than before; _lost_ are records
that were collected and never arrive (for the flag: that were not to be sent; for the official driver: also those that are
in a request at the end).

${markdownTable([fleet.columns, ...fleet.rows])}

${charts.join('\n\n')}

The defaults follow from it: the first interval is cut to a random part, so that processes which start together do not
flush together; after a refusal a process waits a whole interval and a random part of another, so that those which were
refused together do not come back together; an open breaker holds records instead of dropping them.

The flag request of a new process is not spread: it goes out once, beside the first \`openSession\`, which the service has
to take at that moment anyway, and the earlier its answer is known, the less is collected for a host that says no. Each
later one comes up to a twentieth of the flag's time late, so that those processes do not ask together again every 15
minutes.
`;
}

function soakText(parts: Readonly<Record<string, SoakPart>> | undefined): string {
  const sections = Object.values(parts ?? {}).map(({ command, samples, found: problems }) =>
    [
      `\`${command}\`: ${problems.length === 0 ? 'flat' : problems.join('; ')}.`,
      markdownTable([SOAK_HEADINGS, ...samples.map(soakCells)]),
    ].join('\n\n'),
  );
  return `## Soak

Statements against a service in the same process that sometimes fails, and queries against a local workspace: heap,
handles and listeners must not grow, and the books must balance.

${sections.length === 0 ? 'Not run.' : sections.join('\n\n')}
`;
}

function main(): void {
  const budgets = read<Budgets>(path.join(root, 'benchmarks/budgets.json'));
  const text = `# Performance

Written by \`npm run bench -- document\` from the runs named below; do not edit. Numbers are medians, with the first and
third quartile in brackets. They depend on the machine; ratios within one run depend on it much less, which is why the
budgets (\`benchmarks/budgets.json\`) are ratios wherever they can be. A ratio is the number of the subject in the last
column divided by ours, taken round by round; in its brackets is the 95 % confidence interval of the median. _Official_
stands for the telemetry built into driver 2.1.0, measured through its own classes with the same inputs.

${costs(read<Run>(path.join(reports, 'results.json')), budgets)}
${fleetText(found<FleetRun>('fleet.json'))}
${soakText(found('soak.json'))}`;
  writeFileSync(path.join(root, 'docs/PERFORMANCE.md'), text);
}

main();
