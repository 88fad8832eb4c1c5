import type { TelemetryOptions } from '../../../lib/model/options';
import { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { RecordOrigin } from '../../../lib/telemetry/types';
import { ClientContextStub } from './ClientContextStub';
import { flag } from './flagAnswers';
import { originTo, USER_AGENT } from './origins';
import { SkippingClock } from './SkippingClock';
import { startTestServer, type Answer, type TestServer } from './TestServer';

/** A host that is asked for its flag: on, until a test sets another `answer`. */
export class FlagHost {
  answer: Answer = flag('true');
  readonly name: string;
  readonly origin: RecordOrigin;
  readonly hosts = new HostRegistry();
  readonly clock = new SkippingClock();

  private constructor(readonly server: TestServer) {
    this.name = `localhost:${server.port}`;
    this.origin = originTo(server, 'T');
  }

  static async start(): Promise<FlagHost> {
    const host: FlagHost = new FlagHost(await startTestServer((response, request) => host.answer(response, request)));
    return host;
  }

  get requests(): number {
    return this.server.received.length;
  }

  /** A cache of a client, which shares with the others what is known of the host. */
  cache(options: TelemetryOptions = {}, driverVersion?: string): FeatureFlagCache {
    const product = driverVersion === undefined ? undefined : { driverVersion, userAgent: USER_AGENT };
    return new FeatureFlagCache(new ClientContextStub(options), this.hosts, product, this.clock);
  }
}
