/**
 * npm run test:foreign [-- <text>]
 *
 * Every driver whose row holds the text (all of them without one), through the scenarios, over TLS, against a workspace
 * of this process; then the table. Exit status 1 when a driver that could be installed failed or differs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import { startConnectProxy, startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { compare, table, type Seen } from './compare';
import { rowName, type Command, type Driver } from './Driver';
import { DRIVERS } from './drivers';
import { KNOWN_DIFFERENCES } from './knownDifferences';
import { observe } from './observations';
import { SETUP, STATEMENTS } from './scenarios';
import type { Task } from './task';
import { TelemetryCheck } from './telemetry';

const CACHE = join(__dirname, '.cache');
/** A name that drivers take for a workspace of a cloud; the certificate is valid for it. */
const CLOUD_HOST = 'local.cloud.databricks.com';
const SERVICE = { clientId: 'foreign', clientSecret: 'local-secret' };

async function startPrepared(dataDir: string): Promise<LocalWorkspace> {
  const workspace = await startLocalWorkspace({
    dataDir,
    tokens: [{ name: 'foreign', tokens: ['dapi-foreign'], ...SERVICE }],
    // Every result that may come as files does, and a large one as several.
    cloudFetch: { thresholdBytes: 1, maxRowsPerFile: 50_000 },
  });
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
  const session = await client.openSession();
  for (const sql of SETUP) await (await session.executeStatement(sql)).close();
  await session.close();
  await client.close();
  return workspace;
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

async function main(): Promise<number> {
  const [text = ''] = process.argv.slice(2);
  const chosen = DRIVERS.filter((driver) => driver === DRIVERS[0] || rowName(driver).includes(text));
  mkdirSync(join(CACHE, 'logs'), { recursive: true });
  const problems: string[] = [];
  const installed = chosen.flatMap((driver) => {
    const command = install(driver, problems);
    return command ? [{ driver, command }] : [];
  });
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  const workspace = await startPrepared(join(folder, 'data'));
  const proxy = await startConnectProxy({ resolve: () => ({ host: '127.0.0.1', port: workspace.port }) });
  const telemetry = await TelemetryCheck.start(join(folder, 'collector'));
  try {
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, workspace.ca);
    const { host, port, path, token } = workspace;
    const server = { host, port, path, token, ...SERVICE, caFile, proxyPort: proxy.port, cloudHost: CLOUD_HOST };
    const seen: Seen[] = [];
    for (const { driver, command } of installed) {
      const row = rowName(driver);
      const application = row.replace(/\W+/g, '-').replace(/^-|-$/g, '');
      workspace.received.clear();
      for (const { mode, scenarios } of driver.runs) {
        const startedMs = performance.now();
        const name = `${application}-${mode}`;
        const task: Task = { name, mode, application, folder, server, scenarios, statements: STATEMENTS };
        const observations = await observe(command, task, join(CACHE, 'logs', `${name}.log`));
        seen.push({ row, mode, scenarios, observations });
        console.log(`${row}, ${mode}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      }
      if (driver.sendsTelemetry) await telemetry.take(row, application, workspace.received.telemetryLogs());
    }
    return report(seen, telemetry, problems, text === '' && installed.length === DRIVERS.length);
  } finally {
    await telemetry.close();
    await proxy.close();
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  seen: readonly Seen[],
  telemetry: TelemetryCheck,
  notInstalled: readonly string[],
  complete: boolean,
): number {
  const { rows, met } = compare(seen, telemetry.cells);
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
