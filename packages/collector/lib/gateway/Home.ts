import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GatewaySettings } from './options';
import { Origin, type RequestHead } from './Origin';

/** What a collector needs of a sender's headers. Credentials, cookies and whatever else there is stay out. */
const KEPT = ['content-type', 'content-encoding', 'user-agent'];
const ANSWER_MS = 30_000;

/** Where telemetry goes instead of, or beside, the workspace: the collector, asked with the gateway's own token. */
export class Home {
  readonly origin: Origin;

  constructor(
    private readonly settings: Pick<
      GatewaySettings,
      'collector' | 'collectorToken' | 'collectorCa' | 'connectTimeoutMs' | 'telemetry'
    >,
  ) {
    const { collector, collectorCa, connectTimeoutMs } = settings;
    this.origin = new Origin(collector, { ca: collectorCa, connectTimeoutMs, idleTimeoutMs: ANSWER_MS });
  }

  /** Headers for what `message` brought, with its body. */
  headersFor(message: IncomingMessage): string[] {
    const { collectorToken } = this.settings;
    const kept = KEPT.flatMap((name) => {
      const value = message.headers[name];
      return typeof value === 'string' ? [name, value] : [];
    });
    return [...kept, ...(collectorToken === undefined ? [] : ['authorization', `Bearer ${collectorToken}`])];
  }

  /** The flag request of `message`'s sender: who asks, and for which host, as the collector's rules name it. */
  flagRequest(message: IncomingMessage, client: string, version: string): RequestHead {
    const { remoteAddress = '' } = message.socket;
    const agent = message.headers['user-agent'] ?? '';
    const processId = createHash('sha256').update(`${remoteAddress} ${agent} ${client}`).digest('hex').slice(0, 32);
    const host = (message.headers.host ?? '').replace(/:\d+$/, '');
    const path = `/api/2.0/connector-service/feature-flags/${encodeURIComponent(client)}/${encodeURIComponent(version)}`;
    const query = new URLSearchParams({ processId, host }).toString();
    return { method: 'GET', path: `${path}?${query}`, headers: this.headersFor(message) };
  }

  close(): void {
    this.origin.close();
  }
}
