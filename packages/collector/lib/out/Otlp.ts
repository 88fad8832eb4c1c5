import type { LogLine } from '../options';
import type { LoadReport } from '../store/protocol';
import { spanOf, type Span } from './span';

export interface OtlpSettings {
  readonly otlpHeaders?: Readonly<Record<string, string>> | undefined;
  readonly log: (line: LogLine) => void;
}

const EVERY_MS = 5_000;
const MAX_WAITING = 10_000;
const SPANS_PER_REQUEST = 1_000;
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
/** How long the end waits for a receiver. */
const GRACE_MS = 2_000;

interface Sums {
  accepted: number;
  duplicate: number;
  dropped: number;
}

/** Statements as spans and the collector's figures as metrics, to an OTLP/HTTP receiver (JSON). Bounded; loss is counted. */
export class Otlp {
  private readonly startedMs = Date.now();
  private readonly waiting: Span[] = [];
  private readonly sums: Sums = { accepted: 0, duplicate: 0, dropped: 0 };
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  /** Of the request under way. */
  private abort: AbortController | undefined;
  private isOver = false;

  constructor(
    private readonly endpoint: string,
    private readonly settings: OtlpSettings,
    private readonly version: string,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), EVERY_MS);
    this.timer.unref();
  }

  loaded({ accepted, duplicate, statements }: LoadReport): void {
    this.sums.accepted += accepted;
    this.sums.duplicate += duplicate;
    for (const row of statements) {
      const span = spanOf(row);
      if (span === undefined) continue;
      if (this.waiting.length < MAX_WAITING) this.waiting.push(span);
      else this.sums.dropped += 1;
    }
  }

  /** Sends what waits. Never rejects: what cannot be sent is dropped, counted and logged. */
  flush(): Promise<void> {
    return (this.sending ??= this.send().finally(() => (this.sending = undefined)));
  }

  /** Sends what waits, for two seconds at most; the rest is dropped. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const grace = setTimeout(() => {
      this.isOver = true;
      this.abort?.abort();
    }, GRACE_MS);
    await this.sending;
    await this.flush();
    clearTimeout(grace);
  }

  private async send(): Promise<void> {
    const resource = { attributes: [text('service.name', 'databricks-telemetry-collector')] };
    const scope = { name: 'databricks-telemetry-collector', version: this.version };
    while (this.waiting.length > 0) {
      const spans = this.waiting.splice(0, SPANS_PER_REQUEST);
      const sent = await this.post('/v1/traces', {
        resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }],
      });
      if (!sent) this.sums.dropped += spans.length;
    }
    const metrics = (['accepted', 'duplicate', 'dropped'] as const).map((name) => this.sum(name, this.sums[name]));
    await this.post('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] });
  }

  private sum(name: string, value: number): object {
    const point = {
      startTimeUnixNano: `${this.startedMs}000000`,
      timeUnixNano: `${Date.now()}000000`,
      asInt: String(value),
    };
    const fullName = `databricks.telemetry.collector.${name}`;
    return {
      name: fullName,
      unit: '{log}',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] },
    };
  }

  private async post(path: string, body: object): Promise<boolean> {
    if (this.isOver) return false;
    const abort = (this.abort = new AbortController());
    const limit = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(this.endpoint.replace(/\/$/, '') + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.settings.otlpHeaders },
        body: JSON.stringify(body),
        // Its headers, which may be credentials, go to the receiver and nowhere else.
        redirect: 'manual',
        signal: abort.signal,
      });
      await drained(response);
      if (response.ok) return true;
      this.settings.log({ level: 'warn', event: 'otlp_refused', status: response.status });
    } catch (error) {
      this.settings.log({
        level: 'warn',
        event: 'otlp_failed',
        message: error instanceof Error ? error.name : 'unknown',
      });
    } finally {
      clearTimeout(limit);
    }
    return false;
  }
}

/** Reads the answer, so that its connection serves again; one without end is left. */
async function drained({ body }: Response): Promise<void> {
  let bytes = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) return;
  }
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
