import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { TelemetryClientProvider } from '../../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventType } from '../../../lib/telemetry/types';
import { connectionTo, originTo } from './origins';
import { ClientContextStub } from './ClientContextStub';

/** Arguments: port and CA of a server, 'close', 'flush' or 'leave', and telemetry options. Prints how long that took. */
async function main(port: number, ca: string, how: string, options: object): Promise<void> {
  const origin = originTo({ port, ca }, 'T');
  const provider = new TelemetryClientProvider(new ClientContextStub(options), new HostRegistry());
  const lease = provider.acquire(`localhost:${port}`, origin);
  lease.client.getAggregator().processEvent({
    eventType: TelemetryEventType.CONNECTION_OPEN,
    timestamp: Date.now(),
    connection: connectionTo(origin),
  });
  // Long enough for the requests to be under way, and with a handle of the application's own.
  await new Promise((resolve) => setTimeout(resolve, how === 'leave' ? 1500 : 300));
  const startMs = performance.now();
  process.once('exit', () => process.stdout.write(String(Math.round(performance.now() - startMs))));
  if (how === 'close') await lease.release();
  if (how === 'flush') await lease.client.flush();
}

const [port, ca, how, options] = process.argv.slice(2);
void main(Number(port), ca ?? '', how ?? '', JSON.parse(options ?? '{}') as object);
