import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OptionError, type LogLine } from 'databricks-telemetry-collector';
import { settingsOf } from '../lib/options';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, post, testCollector, until, type TestCollector } from './testCollector';

interface Event {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Events of a stream, as they come. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true });
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const match = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, at));
      text = text.slice(at + 2);
      if (match !== null) yield { event: match[1] ?? '', data: JSON.parse(match[2] ?? '') as Record<string, unknown> };
    }
  }
}

describe('what goes out', () => {
  let test: TestCollector;
  beforeEach(async () => {
    test = await testCollector();
    await deliver(test.collector.address, [sessionLog({ service: 'checkout' })]);
  });
  afterEach(() => test.end());

  it('live: statements as they become visible, only those that were asked for, and the health', async () => {
    const stop = new AbortController();
    const response = await fetch(`${test.collector.address}/api/v1/live?service=checkout&minMs=100`, {
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).to.match(/^text\/event-stream/);
    const events = eventsOf(response);
    await deliver(test.collector.address, [
      statementLog({ statementId: 'fast', latencyMs: 5 }),
      statementLog({ statementId: 'slow', latencyMs: 500 }),
    ]);
    /** The next one of its kind: a slow machine has said how it is before the first statement is there. */
    const next = async (kind: string): Promise<Record<string, unknown>> => {
      for await (const { event, data } of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }) {
        if (event === kind) return data;
      }
      throw new Error('The stream has ended.');
    };
    const statements = (await next('statements'))['statements'] as Record<string, unknown>[];
    const listed = (await test.client.statements({ minMs: 100 })).statements[0];
    expect(statements[0]).to.include({ statementId: 'slow', service: 'checkout', latencyMs: 500, rowCount: null });
    expect({ ...statements[0], sessionId: null }).to.deep.equal({ ...listed, sessionId: null });
    expect(statements).to.have.lengthOf(1);
    expect(await next('health')).to.include.keys('lagMs', 'journal', 'store');
    stop.abort();
  });

  it('live: whoever comes back with `from` gets first what started since, the oldest of the newest fifty first', async () => {
    const startMs = Date.now();
    const at = (i: number): object => statementLog({ statementId: `s${i}`, timeMs: startMs + i, latencyMs: 5 });
    await deliver(test.collector.address, [statementLog({ statementId: 'before', timeMs: startMs - 60_000 })]);
    await deliver(
      test.collector.address,
      Array.from({ length: 60 }, (_, i) => at(i)),
    );
    await loaded(test.client, 62);
    const stop = new AbortController();
    const response = await fetch(`${test.collector.address}/api/v1/live?from=${startMs}`, { signal: stop.signal });
    const idsOf = async (): Promise<unknown[]> => {
      const { value } = await events.next();
      return (value?.data['statements'] as Record<string, unknown>[]).map(({ statementId }) => statementId);
    };
    const events = eventsOf(response);
    expect(await idsOf()).to.deep.equal(Array.from({ length: 50 }, (_, i) => `s${i + 10}`));
    stop.abort();
  });

  it('a hundred may watch at a time; more are put off, and may come when others have gone', async () => {
    const { address } = test.collector;
    const leaving = new AbortController();
    const watch = (signal: AbortSignal): Promise<Response> => fetch(`${address}/api/v1/live`, { signal });
    const first = await Promise.all(Array.from({ length: 100 }, () => watch(leaving.signal)));
    expect(first.map(({ status }) => status)).to.deep.equal(Array(100).fill(200));
    const stop = new AbortController();
    const more = await watch(stop.signal);
    expect([more.status, more.headers.get('retry-after')]).to.deep.equal([429, '30']);
    leaving.abort();
    await until(
      () => watch(stop.signal),
      ({ status }) => status === 200,
    );
    stop.abort();
  });

  it('a watcher does not hold up the end of the collector', async () => {
    const response = await fetch(`${test.collector.address}/api/v1/live`);
    await test.collector.close();
    // It ended in good order: one that was cut off after the time of grace would be an error.
    expect(await response.text()).to.match(/^retry/);
  });

  it('metrics: what arrived and became of it, who sends and what is kept, as health has it', async () => {
    const { collector, client } = test;
    const twice = statementLog({ statementId: 'twice' });
    await post(collector.address, [twice, twice, 'nonsense']);
    await loaded(client, 3);
    await fetch(`${collector.address}/api/2.0/connector-service/feature-flags/PYTHON/4.0.0`);
    const { journal, store, senders, lagMs } = await client.health({ from: 0 });
    const text = await (await fetch(`${collector.address}/metrics`)).text();
    const metric = (name: string): number =>
      Number(text.split('\n').find((line) => line.startsWith(`databricks_telemetry_collector_${name} `))?.split(' ')[1]); // prettier-ignore
    expect(['received', 'accepted', 'duplicate'].map((what) => metric(`logs_${what}_total`))).to.deep.equal([4, 3, 1]);
    expect(metric('logs_rejected_total{rule="not_json"}')).to.equal(1);
    expect([metric('senders'), metric('journal_bytes')]).to.deep.equal([senders, journal.bytes]);
    expect([senders, metric('journal_failing'), metric('lag_seconds')]).to.deep.equal([1, 0, lagMs / 1_000]);
    expect(metric('store_bytes'))
      .to.be.within(store.bytes / 2, store.bytes * 2)
      .and.greaterThan(0);
  });

  it('metrics: in the OpenMetrics format, with exemplars', async () => {
    await deliver(test.collector.address, [
      statementLog({ statementId: '0f0f0f0f-0000-4000-8000-000000000000', latencyMs: 700 }),
    ]);
    const response = await fetch(`${test.collector.address}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).to.match(/openmetrics/);
    expect(text).to.match(/databricks_telemetry_collector_logs_received_total 2\n/);
    expect(text).to.match(
      /databricks_statement_latency_seconds_bucket\{le="1",operation="EXECUTE_STATEMENT"\} 1 # \{statement_id="0f0f0f0f/,
    );
    expect(text.trim().endsWith('# EOF')).to.equal(true);
  });

  it('metrics: in the older format of Prometheus for whoever names that one alone', async () => {
    const address = `${test.collector.address}/metrics`;
    await deliver(test.collector.address, [statementLog({ statementId: 'one', latencyMs: 700 })]);
    await post(test.collector.address, ['nonsense']);
    const telegraf = 'application/vnd.google.protobuf;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3';
    const older = await fetch(address, { headers: { accept: telegraf } });
    expect(older.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    const lines = (await older.text()).trimEnd().split('\n');
    expect(lines).to.include('# TYPE databricks_telemetry_collector_logs_rejected_total counter');
    expect(lines).to.include('databricks_telemetry_collector_logs_rejected_total{rule="not_json"} 1');
    expect(lines).to.include('databricks_statement_latency_seconds_bucket{le="1",operation="EXECUTE_STATEMENT"} 1');
    const typed = new Set(lines.flatMap((line) => /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line)?.[1] ?? []));
    for (const line of lines.filter((text) => !text.startsWith('#'))) {
      const [, name = ''] = /^(\w+)(?:\{(?:\w+="[^"\\\n]*",?)+\})? \d+(?:\.\d+)?$/.exec(line) ?? [];
      expect(typed.has(name) || typed.has(name.replace(/_(?:bucket|sum|count)$/, '')), line).to.equal(true);
    }
    const prometheus = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    for (const accept of [prometheus, '*/*']) {
      expect((await fetch(address, { headers: { accept } })).headers.get('content-type')).to.match(/openmetrics/);
    }
  });

  it('metrics: every statement of a batch counts, also one whose id is too long for an exemplar', async () => {
    const ids = ['short', 'x'.repeat(116), 'y'.repeat(117), 'z'.repeat(128), 'other'];
    await deliver(test.collector.address, ids.map((statementId) => statementLog({ statementId, latencyMs: 7_000 }))); // prettier-ignore
    const text = await (await fetch(`${test.collector.address}/metrics`)).text();
    expect(text).to.match(
      /latency_seconds_bucket\{le="10",operation="EXECUTE_STATEMENT"\} 5 # \{statement_id="short"\}/,
    );
    await deliver(test.collector.address, [statementLog({ statementId: 'z'.repeat(128), latencyMs: 8_000 })]);
    expect(await (await fetch(`${test.collector.address}/metrics`)).text()).to.match(
      /count\{operation="EXECUTE_STATEMENT"\} 6\n/,
    );
  });
});

describe('OTLP', () => {
  let receiver: Server;
  const requests: { url: string; body: string; headers: Record<string, unknown> }[] = [];
  let endpoint: string;
  before(async () => {
    receiver = createServer((message, response) => {
      let body = '';
      message.on('data', (part: Buffer) => (body += part.toString()));
      message.on('end', () => {
        requests.push({ url: message.url ?? '', body, headers: message.headers });
        response.setHeader('content-type', 'application/json');
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  });
  after(() => receiver.close());

  it('statements leave as spans, figures as metrics', async () => {
    const test = await testCollector({ otlpEndpoint: endpoint, otlpHeaders: { 'x-key': 'k' } });
    await deliver(test.collector.address, [
      sessionLog({ service: 'checkout' }),
      statementLog({ statementId: 'S', latencyMs: 40, timeMs: 1_795_000_000_000, local: { outcome: 'failed' } }),
    ]);
    await loaded(test.client, 2);
    await test.end();
    await until(
      () => Promise.resolve(requests.length),
      (count) => count >= 2,
    );
    const traces = requests.find(({ url }) => url === '/v1/traces');
    expect(traces?.headers['x-key']).to.equal('k');
    const { resourceSpans } = JSON.parse(traces?.body ?? '') as {
      resourceSpans: [{ scopeSpans: [{ spans: object[] }] }];
    };
    expect(resourceSpans[0].scopeSpans[0].spans).to.have.lengthOf(1);
    expect(resourceSpans[0].scopeSpans[0].spans[0]).to.deep.include({
      name: 'EXECUTE_STATEMENT',
      startTimeUnixNano: '1795000000000000000',
      endTimeUnixNano: '1795000000040000000',
      status: { code: 2 },
    });
    expect(requests.find(({ url }) => url === '/v1/metrics')?.body).to.include(
      'databricks.telemetry.collector.accepted',
    );
  });

  it('a receiver that never answers does not hold up the end, and what it was to get is dropped', async () => {
    const hung = createServer((message) => message.resume());
    await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
    const lines: LogLine[] = [];
    const address = `http://127.0.0.1:${(hung.address() as AddressInfo).port}`;
    const test = await testCollector({ otlpEndpoint: address, log: (line) => void lines.push(line) });
    await deliver(test.collector.address, [statementLog({ statementId: 'S', latencyMs: 40 })]);
    await loaded(test.client, 1);
    await test.end();
    expect(lines.map(({ event }) => event)).to.include('otlp_failed');
    hung.closeAllConnections();
    hung.close();
  });

  it('an answer without end is not read to its end', async () => {
    let asked = 0;
    const endless = createServer((message, response) => {
      message.resume();
      asked += 1;
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const lines: LogLine[] = [];
    const otlpEndpoint = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const test = await testCollector({ otlpEndpoint, log: (line) => void lines.push(line) });
    await test.end();
    expect(asked).to.equal(1);
    expect(lines.map(({ event }) => event)).to.deep.equal(['listening', 'stopped']);
    endless.close();
  });

  it('headers for a receiver go nowhere else, whatever it says', async () => {
    const sent: string[] = [];
    const moved = createServer((message, response) => {
      message.resume();
      sent.push(message.url ?? '');
      response.writeHead(307, { location: endpoint }).end();
    });
    await new Promise<void>((resolve) => moved.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    requests.length = 0;
    const lines: LogLine[] = [];
    const otlpHeaders = { 'x-key': 'secret' };
    const test = await testCollector({ otlpEndpoint: address, otlpHeaders, log: (line) => void lines.push(line) });
    await test.end();
    expect(sent).to.deep.equal(['/v1/metrics']);
    expect(requests).to.deep.equal([]);
    expect(lines.find(({ event }) => event === 'otlp_refused')).to.include({ status: 307 });
    moved.close();
  });

  it('an address that is none is refused', () => {
    for (const otlpEndpoint of ['nonsense', 'ftp://x', '127.0.0.1:4318', '', 'http://a:b@x', 'http://x/?key=b']) {
      expect(() => settingsOf({ otlpEndpoint }), otlpEndpoint).to.throw(OptionError, 'otlpEndpoint must be an address');
    }
    for (const otlpHeaders of [{ 'a b': 'c' }, { a: 'b\nc' }, { a: '\u4e2d' }]) {
      expect(() => settingsOf({ otlpHeaders })).to.throw(OptionError, 'otlpHeaders holds what is no header.');
    }
  });
});
