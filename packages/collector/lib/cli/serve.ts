import type { Command } from 'commander';
import { startCollector } from '../Collector';
import { engineOf } from '../engineOptions';
import { warehouseHistory } from '../history/warehouseHistory';
import { Access } from '../http/Access';
import { settingsOf } from '../options';
import { optionsOf } from './configuration';
import { log, untilStopped } from './process';

function howToSend(address: string): string {
  return `
In an application:

  import { DBSQLClient } from 'databricks-sql-telemetry';
  new DBSQLClient({ telemetryEnabled: true, telemetryEndpoint: '${address}' });

The page is at ${address}/ and the API at ${address}/api/v1/openapi.json. Ctrl-C stops it.`;
}

/** Serves until SIGTERM or SIGINT; then everything that was accepted is loaded before the process ends. */
export async function serve(command: Command): Promise<void> {
  const options = optionsOf(command);
  if (command.opts<{ check?: boolean }>().check === true) {
    const settings = settingsOf(options);
    void new Access(settings);
    void engineOf(settings);
    if (settings.history !== undefined) void warehouseHistory(settings.history);
    console.log('The configuration is good.');
    return;
  }
  const collector = await startCollector({ ...options, log });
  console.log(`Telemetry collector ready at ${collector.address}`);
  console.log(howToSend(collector.address));
  untilStopped(() => collector.close());
}
