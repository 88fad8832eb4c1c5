/**
 * npm run test:foreign [-- --all] [--write] [<text>]
 *
 * Every driver whose row holds the text (all of them without one), through the scenarios, over TLS, against a workspace
 * of this process: straight, and again through a gateway, there by a part of the scenarios unless all are asked for. Then
 * the table; with `--write` what the drivers fill goes into docs/DRIVERS.md, without it nothing there may contradict it. Exit
 * status 1 when a driver that could be installed failed or differs.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compare, rowOf, table, type Seen } from './compare';
import { rowName, type Command, type Driver, type Run } from './Driver';
import { DRIVERS } from './drivers';
import { sentOtherwise } from './formats';
import { KNOWN_DIFFERENCES } from './knownDifferences';
import { observe } from './observations';
import { STATEMENTS, type Scenario } from './scenarios';
import { Site, type Way } from './site';
import type { Task } from './task';
import type { TelemetryCheck } from './telemetry';
import { documented } from './told';

const CACHE = join(__dirname, '.cache');
const LOGS = join(CACHE, 'logs');
const WAYS: readonly Way[] = ['direct', 'gateway'];
const SAMPLE: ReadonlySet<Scenario> = new Set(['token', 'oauth', 'types', 'large', 'errors', 'volumes', 'orm']);

interface Installed {
  readonly driver: Driver;
  readonly command: Command;
}

/** Undefined without the toolchain; a driver that cannot be installed with it is one of the problems. */
function install(driver: Driver, problems: string[]): Command | undefined {
  try {
    const installed = driver.install(CACHE);
    if (typeof installed !== 'string') return installed;
    console.log(`${rowName(driver)} is left out: ${installed}.`);
  } catch (error) {
    problems.push(`${rowName(driver)}: cannot be installed: ${String(error)}`);
  }
  return undefined;
}

/** What a driver goes through on this way. */
function runsOn(way: Way, { runs: [first, ...more] }: Driver, all: boolean): readonly Run[] {
  if (first === undefined) return [];
  if (way === 'direct') return [first, ...more];
  if (all) return [first, ...more].filter(({ attached }) => attached === undefined);
  return [{ mode: first.mode, scenarios: first.scenarios.filter((name) => SAMPLE.has(name)) }];
}

async function runAll(installed: readonly Installed[], site: Site, all: boolean): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { driver, command } of installed) {
    for (const way of WAYS) {
      const row = rowName(driver);
      // Short: what looks like a credential is no name.
      const application = `${row.replace(/\W+/g, '-').replace(/^-|-$/g, '')}${way === 'gateway' ? '-gw' : ''}`;
      site.workspaceAt(way).received.clear();
      for (const { mode, scenarios, attached } of runsOn(way, driver, all)) {
        const startedMs = performance.now();
        const name = `${application}-${mode}`;
        const door = attached ? 'attached' : way;
        const { folder } = site;
        const task: Task = {
          name,
          mode,
          application,
          folder,
          server: site.server(door),
          scenarios,
          statements: STATEMENTS,
        };
        const { received } = site.workspaceAt(door);
        const before = received.statements().length;
        const observed = await observe(command, task, join(LOGS, `${name}.log`));
        const observations = [...observed, ...sentOtherwise(mode, scenarios, received.statements().slice(before))];
        seen.push({ row, way, mode, scenarios, observations });
        const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
        console.log(`${rowOf({ row, way })}, ${mode}: ${seconds} s`);
      }
      const logs = site.workspaceAt(way).received.telemetryLogs();
      if (way === 'gateway') await site.telemetry.kept(rowOf({ row, way }), application, logs, driver.sendsTelemetry);
      else if (driver.sendsTelemetry) await site.telemetry.take(rowOf({ row, way }), application, logs);
    }
  }
  return seen;
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const all = words.includes('--all');
  const text = words.find((word) => !word.startsWith('--')) ?? '';
  const chosen = DRIVERS.filter((driver) => driver === DRIVERS[0] || rowName(driver).includes(text));
  mkdirSync(LOGS, { recursive: true });
  const problems: string[] = [];
  const installed = chosen.flatMap((driver) => {
    const command = install(driver, problems);
    return command ? [{ driver, command }] : [];
  });
  const site = await Site.open(LOGS);
  try {
    const seen = await runAll(installed, site, all);
    problems.push(...(await site.telemetry.notUnderstood()));
    const complete = text === '' && installed.length === DRIVERS.length;
    if (complete) problems.push(...documented(site.telemetry.filled, words.includes('--write')));
    return report(seen, site.telemetry, problems, complete);
  } finally {
    await site.close();
  }
}

function report(
  seen: readonly Seen[],
  telemetry: TelemetryCheck,
  notInstalled: readonly string[],
  complete: boolean,
): number {
  const { rows, met: ofResults } = compare(seen, telemetry.cells);
  const met = new Set([...ofResults, ...telemetry.met]);
  console.log(`\n${table(rows)}\n\n${telemetry.sideBySide()}`);
  for (const known of met) console.log(`known: ${known.key.source} of ${known.row.source}: ${known.why}`);
  const differing = [...rows].flatMap(([row, cells]) =>
    [...cells.values()].flatMap((cell) => cell.problems.map((problem) => `${row}: ${problem}`)),
  );
  const problems = [...notInstalled, ...differing];
  for (const known of complete ? KNOWN_DIFFERENCES.filter((difference) => !met.has(difference)) : []) {
    console.log(`not met this time: ${known.key.source} of ${known.row.source}`);
  }
  for (const problem of problems) console.log(`FAILED ${problem}`);
  console.log(`\n${rows.size} passed, ${problems.length} failed`);
  return problems.length === 0 ? 0 : 1;
}

void main().then((status) => {
  process.exitCode = status;
});
