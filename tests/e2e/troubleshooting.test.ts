import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { FaultSpec } from 'databricks-local-workspace';
import type { TelemetryOptions } from 'databricks-sql-telemetry';
import { isKnownDriver } from '../../lib/observe/connection/driverCompatibility';
import { sectionOf } from '../../tools/docs/markers';
import { connectTo, KeepingLogger } from './support/application';
import { until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const GUIDE = path.resolve(__dirname, '../../docs/TROUBLESHOOTING.md');

/** What a line says, whatever its counts. */
function generalised(line: string): string {
  return line.replace(/\b[1-9]\d* (delivered|rejected|retained|dropped)/g, 'N $1');
}

interface Situation {
  readonly fault?: FaultSpec;
  readonly options?: TelemetryOptions;
  readonly flag?: boolean;
}

/** What telemetry logs in a situation, from the connection to its close. */
async function linesIn({ fault, options = {}, flag = true }: Situation): Promise<string[]> {
  const workspace = await startFreshWorkspace({ featureFlagEnabled: flag });
  const logger = new KeepingLogger();
  try {
    if (fault !== undefined) workspace.faults.add(fault);
    const calm = { telemetryMaxRetries: 0, telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 500 };
    const client = await connectTo(workspace, { ...calm, ...options }, logger);
    const session = await client.openSession();
    await (await session.executeStatement('SELECT 1 AS one')).fetchAll();
    await client.flushTelemetry();
    await client.close();
  } finally {
    await workspace.close();
  }
  return logger.telemetry.map(({ message }) => message);
}

/** A breaker that opens, lets a probe through and closes. */
async function linesOfABreaker(): Promise<string[]> {
  const workspace = await startFreshWorkspace();
  const logger = new KeepingLogger();
  const lines = (): string[] => logger.telemetry.map(({ message }) => message);
  try {
    workspace.faults.add({ route: 'telemetry-ext', status: 503, times: 1 });
    const options = { telemetryCircuitBreakerThreshold: 1, telemetryCircuitBreakerTimeout: 10, telemetryMaxRetries: 0 };
    const client = await connectTo(workspace, { ...options, telemetryFlushIntervalMs: 100 }, logger);
    for (let i = 0; i < 3; i += 1) {
      const sent = lines().filter((line) => line.includes('export:')).length;
      await (await client.openSession()).close();
      await until('an export', () => lines().filter((line) => line.includes('export:')).length > sent);
      await client.flushTelemetry();
    }
    await until('closed', () => lines().some((line) => line.includes('-> CLOSED')));
    await client.close();
  } finally {
    await workspace.close();
  }
  return lines();
}

/** A driver that has a call more than those that are known. */
function linesOfANewDriver(): string[] {
  const logger = new KeepingLogger();
  class Known {}
  const names =
    'openSession closeSession executeStatement getResultSetMetadata fetchResults getInfo getTypeInfo getCatalogs getSchemas getTables getTableTypes getColumns getFunctions getPrimaryKeys getCrossReference getOperationStatus cancelOperation closeOperation getDelegationToken cancelDelegationToken renewDelegationToken';
  for (const name of [...names.split(' '), 'newCall']) {
    Object.defineProperty(Known.prototype, name, { value: () => undefined });
  }
  isKnownDriver(new Known() as never, { getLogger: () => logger } as never);
  return logger.telemetry.map(({ message }) => message);
}

const POST = { route: 'telemetry-ext' } as const;

describe('docs/TROUBLESHOOTING.md', () => {
  const logged: string[] = [];

  before(async function () {
    this.timeout(60_000);
    const situations: Situation[] = [
      {},
      { flag: false },
      { fault: { route: 'feature-flags', status: 503 } },
      { fault: { ...POST, status: 503 } },
      { fault: { ...POST, action: 'reset' } },
      { fault: { ...POST, status: 403 } },
      { fault: { ...POST, status: 302, headers: { location: 'https://portal.test/' } } },
      { options: { telemetryEndpoint: 'collector' } },
      { options: { telemetrySpoolDirectory: path.join(__filename, 'spool') } },
    ];
    for (const situation of situations) logged.push(...(await linesIn(situation)));
    logged.push(...(await linesOfABreaker()), ...linesOfANewDriver());
  });

  let quoted: string[];

  before(async () => {
    const section = sectionOf(await readFile(GUIDE, 'utf8'), 'log lines');
    quoted = [...section.matchAll(/^\| `(telemetry: [^`]+)`/gm)].map(([, line]) => generalised(line ?? ''));
  });

  it('quotes lines that are really logged', () => {
    expect(quoted.length).to.be.greaterThan(10);
    expect([...new Set(logged.map(generalised))]).to.include.members(quoted);
  });

  it('quotes every line that was logged', () => {
    const kindOf = (line: string): string => generalised(line).replace(/last failure .*/, 'last failure');
    expect(quoted.map(kindOf)).to.include.members([...new Set(logged.map(kindOf))]);
  });
});
