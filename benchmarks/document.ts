import { existsSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bar } from './bars/rows';
import { stopsText } from './bars/stops';
import type { Figures } from './calls/measure';
import type { Budget, Budgets } from './harness/budgets';
import { BENCHMARKS, REPORTS, ROOT } from './harness/places';
import { ADDED_HEADINGS, addedCells, cells, HEADINGS, type Result } from './harness/report';
import { keptOr } from './harness/sections';
import { cells as soakCells, HEADINGS as SOAK_HEADINGS, type Sample } from './soak/samples';

interface Run {
  readonly command: string;
  readonly machine: string;
  readonly seconds: number;
  readonly results: readonly Result[];
}

interface BarsRun {
  readonly machine: string;
  readonly bars: readonly Bar[];
}

interface CallsRun {
  readonly command: string;
  readonly node: string;
  readonly drivers: ReadonlyArray<{ readonly driver: string; readonly figures: Figures }>;
  readonly yardstick: number;
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

function budgetText({ minRatio, maxOurs, maxAdded, maxToOfficial, reason }: Budget = {}): string {
  const parts = [
    ...(minRatio === undefined ? [] : [`ratio ≥ ${minRatio}`]),
    ...(maxOurs === undefined ? [] : [`≤ ${maxOurs}`]),
    ...(maxAdded === undefined ? [] : [`≤ +${maxAdded} %`]),
    ...(maxToOfficial === undefined ? [] : [`≤ ${maxToOfficial}× official`]),
  ];
  return `${parts.join(', ')}${reason === undefined ? '' : ' ¹'}`;
}

/** The report of an earlier run, if there is one. */
function found<T>(name: string): T | undefined {
  const file = path.join(REPORTS, name);
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

function notesOf(results: readonly Result[]): string {
  return results.flatMap(({ label, note }) => (note === undefined ? [] : [`- ${label}: ${note}.\n`])).join('');
}

function turnsText({ command, machine, results }: Run, budgets: Budgets): string {
  const turns = results.filter(({ added }) => added !== undefined);
  const rows = turns.map((result) => [...addedCells(result), budgetText(budgets.cases[result.id])]);
  return `## What a query costs

Command: \`${command}\` on ${machine}.

Plain driver, its own telemetry and this library are clients of **one process** and take turns in short blocks, 20
queries of a hundred at a time in random order, so that what disturbs the machine, the heap or the caches disturbs all
alike: processes of their own differ by several per cent with no telemetry at all. Telemetry requests are included. Each
number is what comes on top of the plain driver, with its 95 % confidence interval, over several processes.

${markdownTable([[...ADDED_HEADINGS, 'budget'], ...rows])}

- _again_: the plain driver once more. What it differs by cannot be told apart in this run.
- _bare request_: the plain driver, and the bytes that this library sends for a hundred queries as a bare \`POST\` over a
  connection that is kept: what no telemetry that reports each statement can fall below.
- _ours ÷ official_: what this library adds divided by what the driver's own telemetry adds, where that can be told from
  nothing.
- _CPU_ is that of the whole process: helper threads, compiling and garbage collection are in it. The local workspace has
  a process of its own.
- _bytes allocated_: how much the heap and the buffers beside it grow in a hundred queries and their sending while nothing
  is collected, which is made sure of: the young generation has 128 MiB and is emptied before each hundred, and a round in
  which V8 reports a collection does not count.
- _while the engine still compiles_: the first 1,500 queries of a process.
- _CloudFetch_ and _the demo's workload_ take turns after each query, or after the whole workload; the latter is
  \`npm run demo\`'s, and its _plain driver_ is this library with its telemetry switched off.
- Connections accept any certificate, so that no list of authorities need be parsed for them, as with a workspace that has
  a public certificate. In each request of an application with \`customCaCert\` Node.js handles that list again: its
  queries take twice the CPU, with and without telemetry.
${remarks(turns, budgets)}`;
}

function callsText(calls: CallsRun): string {
  const text = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1));
  const rows = calls.drivers.flatMap(({ driver, figures: f }) => [
    [driver, 'one `SELECT 1`, export included', text(f.ours), text(f.official), text(f.off)],
    [driver, 'each CloudFetch file', text(f.file), text(f.officialFile), ''],
    [driver, 'each page of an inline result', text(f.page), text(f.officialPage), ''],
    [driver, 'one `SELECT 1`, by one subscriber of a channel', text(f.subscribed), '', ''],
    [driver, 'one `SELECT 1`, by `traceStatements()` with nobody registered', text(f.traced), '', ''],
  ]);
  const entered = calls.drivers.map(
    ({ driver, figures: f }) =>
      `With driver ${driver}, one \`SELECT 1\` of ${Math.round(f.plain)} calls enters ${f.functions} functions of this library in ${f.files} files.`,
  );
  return `## Function calls

Command: \`${calls.command}\` on Node.js ${calls.node}. JavaScript functions that run beyond those of the plain driver, by
the exact counters that V8 has for coverage: a thermometer that can be read on a busy machine. Median of three processes
for each subject; \`benchmarks/calls-baseline.json\` holds what they may not outgrow.

${markdownTable([['driver', 'calls added to', 'ours', 'official', 'switched off'], ...rows])}

A subscriber and a tracer come on top of what the statement's observation takes. As a yardstick, the same count for a
query of PostgreSQL's client with \`@opentelemetry/instrumentation-pg\` and nobody registered: ${text(calls.yardstick)}. The
goal for \`traceStatements()\` is 60, which each run checks: the message of the statement, the attributes of its span, the tracer
that does nothing, and the context in which the call runs.

${entered.join('\n')}
`;
}

function barsText(run: BarsRun): string {
  const rows = run.bars.map(({ measure, goal, now, met }) => [measure, goal, now, met]);
  return `## Goals

Command: \`npm run bench -- bars\` on ${run.machine}. A goal is _unclear_ when the interval of a run holds it.

${markdownTable([['measure', 'goal', 'now', 'met'], ...rows])}

What stops those that are not met, after the attempts named:

${stopsText(run.bars.filter(({ met }) => met !== 'yes').map(({ measure }) => measure))}
`;
}

function partsText({ command, machine, seconds, results: all }: Run, budgets: Budgets): string {
  const results = all.filter(({ added }) => added === undefined);
  const rows = results.map((result) => [...cells(result), budgetText(budgets.cases[result.id])]);
  return `## What its parts cost

Command: \`${command}\` on ${machine}; it took ${Math.round(seconds / 60)} minutes, with what a query costs.

${markdownTable([[...HEADINGS, 'budget'], ...rows])}

${notesOf(results)}${remarks(results, budgets)}
What the rows mean:

- _statement_: what the application's own calls pay for a statement from its start to its end, without the export, which
  happens later.
- _longest block_: the longest time between two turns of the event loop while a backlog is sent.
- _heap_, _resident memory_: of a process of its own for each subject, after a full collection.
- _the plain driver twice_: the same measured against itself. What it differs by cannot be told apart in this run.
- _OpenTelemetry_: one span and one histogram value for each statement, SDK with batch processor, as a yardstick.
`;
}

function fleetText(fleet: FleetRun): string {
  for (const { file } of fleet.charts) copyFileSync(path.join(REPORTS, file), path.join(ROOT, 'docs', file));
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

function soakText(parts: Readonly<Record<string, SoakPart>>): string {
  const sections = Object.values(parts).map(({ command, samples, found: problems }) =>
    [
      `\`${command}\`: ${problems.length === 0 ? 'flat' : problems.join('; ')}.`,
      markdownTable([SOAK_HEADINGS, ...samples.map(soakCells)]),
    ].join('\n\n'),
  );
  return `## Soak

Statements against a service in the same process that sometimes fails, and queries against a local workspace: heap,
handles and listeners must not grow, and the books must balance.

${sections.join('\n\n')}
`;
}

/** Sections whose programs have left no report stay as they are. */
function main(): void {
  const budgets = read<Budgets>(path.join(BENCHMARKS, 'budgets.json'));
  const file = path.join(ROOT, 'docs/PERFORMANCE.md');
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const section = <T>(heading: string, report: string, textOf: (found: T) => string): string => {
    const run = found<T>(report);
    return keptOr(run === undefined ? undefined : textOf(run).trim(), heading, page);
  };
  const sections = [
    section<BarsRun>('Goals', 'bars.json', barsText),
    section<Run>('What a query costs', 'results.json', (run) => turnsText(run, budgets)),
    section<Run>('What its parts cost', 'results.json', (run) => partsText(run, budgets)),
    section<CallsRun>('Function calls', 'calls.json', callsText),
    section<FleetRun>('A fleet', 'fleet.json', fleetText),
    section<Readonly<Record<string, SoakPart>>>('Soak', 'soak.json', soakText),
  ];
  const text = `# Performance

Written by \`npm run bench -- document\` from the runs named below; do not edit. Numbers are medians, with the first and
third quartile in brackets. They depend on the machine; ratios within one run depend on it much less, which is why the
budgets (\`benchmarks/budgets.json\`) are ratios wherever they can be. A ratio is the number of the subject in the last
column divided by ours, taken round by round; in its brackets is the 95 % confidence interval of the median. _Official_
stands for the telemetry built into driver 2.1.0, measured through its own classes with the same inputs.

${sections.join('\n\n')}
`;
  writeFileSync(file, text);
}

main();
