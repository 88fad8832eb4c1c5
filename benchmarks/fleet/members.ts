import { OfficialExport, OfficialPipeline, statementId } from '../subjects/official';
import { OurHost } from '../subjects/ourParts';
import { contextWith } from '../subjects/ours';
import { stubTransport, type HttpOutcome, type HttpRequest } from '../subjects/stubTransport';
import type { Clock } from '../../lib/util/clock';
import type { Answer, Service } from './Service';

/** One process of the fleet. */
export interface Member {
  /** A statement has ended. */
  statement(index: number): void;
  /** Records that were taken in and neither delivered nor lost yet. */
  pending(): number;
  lost(): number;
}

function outcomeOf(answer: Answer): HttpOutcome {
  if (answer.kind === 'unreachable') return { kind: 'failed', name: 'Error', code: 'ECONNREFUSED' };
  return { kind: 'response', status: answer.status, retryAfter: undefined, body: '{"errors":[]}' };
}

const FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

async function flagOutcome(service: Service): Promise<HttpOutcome> {
  const answer = await service.flag();
  if (answer.kind === 'unreachable') return outcomeOf(answer);
  const flags = [{ name: FLAG, value: String(answer.isOn) }];
  return { kind: 'response', status: 200, retryAfter: undefined, body: JSON.stringify({ flags, ttl_seconds: 900 }) };
}

/** Routes the library's requests to `service`; returns what puts the transport back. */
export function connectOurs(service: Service): () => void {
  return stubTransport(async (_target, request: HttpRequest) =>
    request.method === 'GET' ? flagOutcome(service) : outcomeOf(await service.telemetry()),
  );
}

/** All processes are configured alike. */
const context = contextWith();

/** The time of the simulation, which stands in the place of the global clock and timers while it runs. */
const simulated: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  setImmediate: (work) => setImmediate(work),
  clearImmediate: (handle) => clearImmediate(handle as NodeJS.Immediate),
};

export class OurMember implements Member {
  private readonly host = new OurHost({}, context, simulated);

  statement(index: number): void {
    this.host.statement(index);
  }

  pending(): number {
    return this.host.counts().pending;
  }

  lost(): number {
    return this.host.counts().lost;
  }
}

/** The official driver's aggregator and exporter with its schedule: every 5 s from the start, batch 100, 4 attempts. */
export class OfficialMember implements Member {
  private readonly pipeline: OfficialPipeline;
  private taken = 0;
  private sent = 0;

  constructor(service: Service) {
    const exporter = new OfficialExport();
    const send = async (_url: string, { body }: { body: string }): Promise<object> => {
      const answer = await service.telemetry();
      if (answer.kind === 'unreachable') throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      const ok = answer.status === 200;
      if (ok) this.sent += (JSON.parse(body) as { protoLogs: unknown[] }).protoLogs.length;
      return { ok, status: answer.status, statusText: '', text: async () => '' };
    };
    (exporter as unknown as { sendRequest: typeof send }).sendRequest = send;
    this.pipeline = new OfficialPipeline({ exporter });
  }

  statement(index: number): void {
    this.taken += 1;
    const id = statementId(index);
    this.pipeline.complete(id, 'session', this.pipeline.start(id, 'session'), 0);
  }

  pending(): number {
    return this.pipeline.aggregator.getStats().pendingMetricsCount;
  }

  lost(): number {
    return this.taken - this.sent - this.pending();
  }
}
