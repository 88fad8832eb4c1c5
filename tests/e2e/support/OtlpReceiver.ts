import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A value as OTLP writes it in JSON. */
interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
}

interface OtlpAttributes {
  readonly attributes?: ReadonlyArray<{ readonly key: string; readonly value: OtlpValue }>;
}

interface OtlpSpan extends OtlpAttributes {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface OtlpPoint extends OtlpAttributes {
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly sum?: number;
  readonly count?: number | string;
  readonly explicitBounds?: readonly number[];
}

interface OtlpMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] };
}

interface OtlpBody {
  readonly resourceSpans?: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly scope: { readonly name: string }; readonly spans: OtlpSpan[] }>;
  }>;
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{ readonly scope: { readonly name: string }; readonly metrics: OtlpMetric[] }>;
  }>;
}

export type Values = Readonly<Record<string, unknown>>;

/** A span as it arrived. */
export interface ReceivedSpan {
  readonly scope: string;
  readonly name: string;
  /** 1 INTERNAL, 2 SERVER, 3 CLIENT. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Values;
  /** 0 unset, 1 OK, 2 ERROR. */
  readonly status: number;
  readonly statusMessage: string | undefined;
}

/** One series of a metric as it arrived last. */
export interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string | undefined;
  readonly attributes: Values;
  /** Of a sum or a gauge; the sum of a histogram. */
  readonly value: number;
  /** Of a histogram. */
  readonly count: number | undefined;
  readonly bounds: readonly number[] | undefined;
}

/** An OTLP receiver over HTTP with JSON, on this machine. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  points: ReceivedPoint[] = [];
  readonly bodies: string[] = [];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      this.take((request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  /** Base address: `/v1/traces` and `/v1/metrics` follow it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(body: string): void {
    this.bodies.push(body);
    const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(body) as OtlpBody;
    for (const { scope, spans } of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)) {
      this.spans.push(...spans.map((span) => received(scope.name, span)));
    }
    const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics).flatMap((scope) => scope.metrics);
    if (metrics.length > 0) this.points = metrics.flatMap(pointsOf);
  }
}

function received(scope: string, span: OtlpSpan): ReceivedSpan {
  const { name, kind, traceId, spanId, parentSpanId, status } = span;
  return {
    scope,
    ...{ name, kind, traceId, spanId },
    parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
    attributes: valuesOf(span),
    status: status?.code ?? 0,
    statusMessage: status?.message,
  };
}

function pointsOf({ name, unit, sum, gauge, histogram }: OtlpMetric): ReceivedPoint[] {
  return ((sum ?? gauge ?? histogram)?.dataPoints ?? []).map((point) => ({
    metric: name,
    unit,
    attributes: valuesOf(point),
    value: Number(point.asInt ?? point.asDouble ?? point.sum),
    count: point.count === undefined ? undefined : Number(point.count),
    bounds: point.explicitBounds,
  }));
}

function valuesOf({ attributes = [] }: OtlpAttributes): Values {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpValue): unknown {
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? doubleValue ?? boolValue ?? arrayValue?.values?.map(plain);
}
