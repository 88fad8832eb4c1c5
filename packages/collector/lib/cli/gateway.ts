import type { Command } from 'commander';
import { startCollector, type Collector } from '../Collector';
import { startGateway } from '../gateway/Gateway';
import { gatewaySettingsOf } from '../gateway/options';
import { settingsOf } from '../options';
import { gatewayConfigurationOf } from './configuration';
import { log, untilStopped } from './process';

/** Passes on until SIGTERM or SIGINT. Without `--collector` a collector runs in the same process, on loopback. */
export async function gateway(command: Command): Promise<void> {
  const { gateway: options, collector: named } = gatewayConfigurationOf(command);
  const known = typeof named === 'string' ? named : 'http://127.0.0.1';
  const { upstream, telemetry } = gatewaySettingsOf({ ...options, collector: known });
  if (command.opts<{ check?: boolean }>().check === true) {
    if (typeof named !== 'string') settingsOf(named);
    console.log('The configuration is good.');
    return;
  }
  const own: Collector | undefined = typeof named === 'string' ? undefined : await startCollector({ ...named, log });
  const collector = own?.address ?? known;
  const running = await startGateway({ ...options, collector, log }).catch(async (error: unknown) => {
    await own?.close();
    throw error;
  });
  console.log(`Telemetry gateway ready at ${running.address} in front of ${upstream.host}`);
  console.log(`
Give drivers the gateway's name and port in place of the workspace's; paths and tokens stay the same.
${whereItGoes[telemetry]} Look at it at ${collector}/. Ctrl-C stops it.`);
  untilStopped(async () => {
    await running.close();
    await own?.close();
  });
}

const whereItGoes = {
  keep: 'Their telemetry stays here; the workspace gets none.',
  copy: 'Their telemetry goes to the workspace, a copy of it stays here.',
};
