import type { Command } from 'commander';
import { startCollector } from '../Collector';
import { Access } from '../http/Access';
import { settingsOf, type LogLine } from '../options';
import { optionsOf } from './configuration';

function howToSend(address: string): string {
  return `
In an application:

  import { DBSQLClient } from 'databricks-sql-telemetry';
  new DBSQLClient({ telemetryEnabled: true, telemetryEndpoint: '${address}' });

The page is at ${address}/ and the API at ${address}/api/v1/openapi.json. Ctrl-C stops it.`;
}

function log(line: LogLine): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), ...line }));
}

/** Serves until SIGTERM or SIGINT; then everything that was accepted is loaded before the process ends. */
export async function serve(command: Command): Promise<void> {
  const options = optionsOf(command);
  if (command.opts<{ check?: boolean }>().check === true) {
    void new Access(settingsOf(options));
    console.log('The configuration is good.');
    return;
  }
  const collector = await startCollector({ ...options, log });
  console.log(`Telemetry collector ready at ${collector.address}`);
  console.log(howToSend(collector.address));
  const stop = (): void => {
    collector.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
