import { context, trace, SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions } from 'databricks-sql-telemetry';
import { traceStatements } from '../../lib/opentelemetry/traceStatements';

/* The picture of a trace in the documentation, drawn from the spans of a run against the local workspace. */

interface Bar {
  readonly name: string;
  readonly kind: string;
  readonly depth: number;
  readonly startMs: number;
  readonly ms: number;
}

const [WIDTH, LABELS, ROW, TOP] = [860, 250, 26, 34] as const;
const FILLS: Readonly<Record<string, string>> = { SERVER: '#8a94a6', CLIENT: '#d9480f', INTERNAL: '#f0a36b' };

/** The request of a user in which a result of several files is waited for and read. */
async function captureTrace(): Promise<readonly Bar[]> {
  const memory = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  provider.register();
  const workspace = await startLocalWorkspace({ cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 } });
  const tracer = provider.getTracer('application');
  const stop = traceStatements({ tracer, meter: false, fileSpans: true });
  try {
    await work(workspace, (call) =>
      tracer.startActiveSpan('GET /report', { kind: SpanKind.SERVER }, async (span) => {
        await call();
        span.end();
      }),
    );
    return barsOf(memory.getFinishedSpans());
  } finally {
    stop();
    await workspace.close();
    await provider.shutdown().catch(() => undefined);
    context.disable();
    trace.disable();
  }
}

async function work(workspace: LocalWorkspace, inSpan: (call: () => Promise<void>) => Promise<void>): Promise<void> {
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  await client.connect(workspace.connectionOptions as ConnectionOptions);
  const session = await client.openSession({ initialCatalog: 'main', initialSchema: 'default' });
  workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 40 });
  workspace.faults.add({ rpc: 'GetOperationStatus', delayMs: 90 });
  workspace.faults.add({ rpc: 'FetchResults', delayMs: 40 });
  await inSpan(async () => {
    const sql = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(60000)';
    const operation = await session.executeStatement(sql, { maxRows: null });
    await operation.fetchAll();
    await operation.close();
  });
  await client.close();
}

const milliseconds = ([seconds, nanoseconds]: readonly [number, number]): number => seconds * 1e3 + nanoseconds / 1e6;

/** The spans as a tree, in the order of their start. */
function barsOf(spans: readonly ReadableSpan[]): readonly Bar[] {
  const startMs = Math.min(...spans.map((span) => milliseconds(span.startTime)));
  const under = (parentId: string | undefined, depth: number): Bar[] =>
    spans
      .filter((span) => span.parentSpanContext?.spanId === parentId)
      .sort((one, other) => milliseconds(one.startTime) - milliseconds(other.startTime))
      .flatMap((span) => [
        {
          ...{ name: span.name, kind: SpanKind[span.kind] ?? '', depth },
          startMs: milliseconds(span.startTime) - startMs,
          ms: milliseconds(span.duration),
        },
        ...under(span.spanContext().spanId, depth + 1),
      ]);
  return under(undefined, 0);
}

/** What has to be the same for a picture to be current: which spans there are within which; times differ from run to run. */
function shapeOf(bars: readonly Bar[]): string {
  const lines = bars.map(({ name, kind, depth }) => `${depth} ${kind} ${name}`);
  return [...new Set(lines)].sort().join('; ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function draw(bars: readonly Bar[]): string {
  const totalMs = Math.max(...bars.map(({ startMs, ms }) => startMs + ms));
  const height = TOP + bars.length * ROW + 12;
  const x = (ms: number): number => LABELS + (ms / totalMs) * (WIDTH - LABELS - 80);
  const rows = bars.map(({ name, kind, depth, startMs, ms }, index) => {
    const y = TOP + index * ROW;
    const width = Math.max(2, x(startMs + ms) - x(startMs));
    return [
      `<text x="${12 + depth * 18}" y="${y + 16}">${escaped(name)} <tspan class="kind">${kind}</tspan></text>`,
      `<rect x="${x(startMs).toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="16" rx="3" fill="${FILLS[kind] ?? '#888'}"/>`,
      `<text class="time" x="${(x(startMs) + width + 6).toFixed(1)}" y="${y + 16}">${ms.toFixed(0)} ms</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>The trace of a request that reads a result of several CloudFetch files</title>
<desc>${escaped(shapeOf(bars))}</desc>
<style>text { font: 13px system-ui, sans-serif; fill: #1f2430 } .kind, .time { font-size: 11px; fill: #6b7280 }</style>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text class="time" x="${LABELS}" y="20">0</text>
<text class="time" x="${x(totalMs).toFixed(1)}" y="20">${totalMs.toFixed(0)} ms</text>
${rows.join('\n')}
</svg>
`;
}

/** The picture `before`, or a new one where the spans of a run are others by now. */
export async function renewedTraceFigure(before: string): Promise<string> {
  const bars = await captureTrace();
  return before.includes(`<desc>${escaped(shapeOf(bars))}</desc>`) ? before : draw(bars);
}
