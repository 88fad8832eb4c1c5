import { FeatureFlagCache, type FeatureFlagContext } from '../../../lib/telemetry/FeatureFlagCache';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryOptions } from '../../../lib/model/options';
import { TelemetryClient } from '../../../lib/telemetry/TelemetryClient';
import { TelemetryEventType, type ConnectionInfo, type RecordOrigin } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { flag } from '../.stubs/flagAnswers';
import { connectionTo, originTo } from '../.stubs/origins';
import { SkippingClock } from '../.stubs/SkippingClock';
import { startTestServer, type Answer, type TestServer } from '../.stubs/TestServer';

/** A host whose flag is on and whose endpoint takes everything, until a test says otherwise; and clients of it. */
export class ClientWorld {
  flagAnswer: Answer = flag('true');
  telemetry: Answer = (response) => response.end('{}');
  hosts = new HostRegistry();
  readonly clock = new SkippingClock();
  readonly host: string;
  readonly origin: RecordOrigin;
  readonly connection: ConnectionInfo;

  private constructor(readonly server: TestServer) {
    this.host = `localhost:${server.port}`;
    this.origin = originTo(server, 'T');
    this.connection = connectionTo(this.origin);
  }

  static async start(): Promise<ClientWorld> {
    const world: ClientWorld = new ClientWorld(
      await startTestServer((response, request) =>
        (request.method === 'GET' ? world.flagAnswer : world.telemetry)(response, request),
      ),
    );
    return world;
  }

  /** A client of the connection's host, which flushes when it is told to. */
  client(options: TelemetryOptions = {}): TelemetryClient {
    const context = new ClientContextStub({ telemetryFlushIntervalMs: 3_600_000, ...options });
    const client = new TelemetryClient(context, this.host, this.hosts, undefined, this.clock);
    client.attach(this.origin);
    return client;
  }

  collect(client: TelemetryClient, connection = this.connection): void {
    const event = { eventType: TelemetryEventType.CONNECTION_OPEN, timestamp: Date.now(), sessionId: 's' } as const;
    client.getAggregator().processEvent({ ...event, connection });
  }

  get flag(): FeatureFlagContext {
    return new FeatureFlagCache(new ClientContextStub(), this.hosts, undefined, this.clock).peek(this.host);
  }

  requests(method: 'GET' | 'POST'): number {
    return this.server.received.filter((request) => request.method === method).length;
  }
}
