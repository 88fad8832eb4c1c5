import { Front, type GatewayStats } from './Front';
import { GatewayServer } from './GatewayServer';
import { gatewaySettingsOf, type GatewayOptions } from './options';

/** A running gateway. */
export interface Gateway {
  /** Where it answers, e.g. `https://127.0.0.1:4443`. */
  readonly address: string;
  readonly port: number;
  /** What it did so far. */
  stats(): GatewayStats;
  /** Stops listening, lets requests end, hands on the copies that wait; at most ten seconds. Idempotent. */
  close(): Promise<void>;
}

const GRACE_MS = 5_000;

/** Starts a gateway. Rejects with an OptionError for a wrong option, and when it cannot bind its port. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const settings = gatewaySettingsOf(options);
  const front = new Front(settings);
  const server = new GatewayServer(settings, (message, response) => front.handle(message, response));
  const port = await server.listen();
  const { host, tls, upstream, telemetry, log } = settings;
  const address = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  log({ level: 'info', event: 'gateway_listening', address, upstream: upstream.origin, telemetry });

  const stop = async (): Promise<void> => {
    await server.close(GRACE_MS);
    await front.close(GRACE_MS);
    log({ level: 'info', event: 'gateway_stopped' });
  };
  let closing: Promise<void> | undefined;
  const stats = (): GatewayStats => ({ ...front.stats, refused: front.stats.refused + server.refused });
  return { address, port, stats, close: () => (closing ??= stop()) };
}
