/** One process: `node … spooling.ts <scenario>`; see the tests for what each must do. */
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { connected, query, say } from '../process/fixtures/application';

const ON: Partial<ConnectionOptions> = {
  telemetryEnabled: true,
  telemetryCloseTimeoutMs: 500,
  telemetryMaxRetries: 0,
  telemetryFlushIntervalMs: 100,
};

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
    // Longer than it takes until what others left is found.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.close();
    say('closed', client.getTelemetryStats());
  },

  'work and end': async () => {
    const client = await connected(ON);
    await query(client);
    await new Promise((resolve) => setTimeout(resolve, 500));
    say('done');
  },
};

void scenarios[process.argv[2] ?? '']?.();
