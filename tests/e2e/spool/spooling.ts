/** One process: `node … spooling.ts '<scenario> <records that it has to come to>'`; see the tests for what each must do. */
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { until } from '../support/waiting';
import { connected, connectionOptions, query, say } from '../process/fixtures/application';

const ON: Partial<ConnectionOptions> = {
  telemetryEnabled: true,
  telemetryCloseTimeoutMs: 500,
  telemetryMaxRetries: 0,
  telemetryFlushIntervalMs: 100,
};

const [, scenario = '', records = '0'] = /^(.*?)(?: (\d+))?$/.exec(process.argv[2] ?? '') ?? [];
/** Longer than it takes until what others left is looked at. */
const LOOK_MS = 500;

const scenarios: Record<string, () => Promise<void>> = {
  'work until killed': async () => {
    const client = await connected(ON);
    await query(client);
    await query(client);
    setInterval(() => say('stats', client.getTelemetryStats()), 50);
  },

  'work and close': async () => {
    const client = await connected(ON);
    await query(client);
    await sleep(LOOK_MS);
    await until(`${records} records`, () => (client.getTelemetryStats()?.collected ?? 0) >= Number(records));
    await client.close();
    say('closed', client.getTelemetryStats());
  },

  'work beside others and close': async () => {
    const { telemetrySpoolDirectory: directory = '' } = connectionOptions;
    const left = readdirSync(directory);
    const client = await connected(ON);
    await query(client);
    await until('all that was left is taken', () => !left.some((name) => existsSync(`${directory}/${name}`)));
    await sleep(LOOK_MS);
    await client.close();
    say('closed', client.getTelemetryStats());
  },

  'work and end': async () => {
    const client = await connected(ON);
    await query(client);
    await sleep(LOOK_MS);
    say('done');
  },
};

void scenarios[scenario]?.();
