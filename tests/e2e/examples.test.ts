import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { OtlpReceiver } from './support/OtlpReceiver';
import { sessionRows, statementRows } from './support/telemetry';
import { CLIENT, SERVER } from './support/tracing';
import { startFreshWorkspace } from './support/workspace';

const ROOT = resolve(__dirname, '../..');
const LIMIT_MS = 100_000;
const SQUARES = [
  { id: 0, square: 0 },
  { id: 1, square: 1 },
  { id: 2, square: 4 },
];

/** An example as a process: what it prints, line by line, and how it ended. */
class Example {
  private readonly limit = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
  private readonly printed: AsyncIterator<string>;
  private readonly closed: Promise<unknown[]>;
  errors = '';

  private constructor(private readonly child: ChildProcess) {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    this.printed = createInterface({ input: stdout })[Symbol.asyncIterator]();
    stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.closed = once(child, 'close');
  }

  static start(script: readonly string[], env: NodeJS.ProcessEnv): Example {
    const registered = ['-r', './tools/use-driver.cjs', '-r', './tools/typescript.cjs', ...script];
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    return new Example(spawn(process.execPath, registered, { ...options, stdio: 'pipe' }));
  }

  /** The next line that is not the driver's log; throws with what was on stderr when there is none. */
  async line(): Promise<string> {
    const { done, value } = await this.printed.next();
    if (done === true) throw new Error(`the example ended: ${this.errors}`);
    return value.startsWith('{"level":') ? this.line() : value;
  }

  /** The lines up to the first that contains `text`; without it, all until the example ends. */
  async lines(text?: string): Promise<string[]> {
    const lines: string[] = [];
    for (let next = await this.printed.next(); next.done !== true; next = await this.printed.next()) {
      lines.push(next.value);
      if (text !== undefined && next.value.includes(text)) break;
    }
    return lines;
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Exit code, or the signal that ended it, and what it wrote to stderr. */
  async end(): Promise<{ how: unknown; errors: string }> {
    const [code, signal] = await this.closed;
    clearTimeout(this.limit);
    return { how: code ?? signal, errors: this.errors };
  }
}

describe('the examples', function suite() {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    workspace = await startFreshWorkspace();
    folder = await mkdtemp(join(tmpdir(), 'examples-'));
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, workspace.ca);
    env = {
      DATABRICKS_HOST: workspace.host,
      DATABRICKS_HTTP_PATH: workspace.path,
      DATABRICKS_TOKEN: workspace.token,
      DATABRICKS_PORT: String(workspace.port),
      NODE_EXTRA_CA_CERTS: ca,
      PORT: '0',
    };
  });
  beforeEach(() => workspace.received.clear());
  after(async () => {
    await workspace.close();
    await rm(folder, { recursive: true });
  });

  for (const name of ['express', 'fastify']) {
    it(`${name}: the statement’s span is a child of its request’s, in the caller’s trace`, async () => {
      const receiver = await OtlpReceiver.start();
      const OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
      const example = Example.start([`examples/${name}/server.ts`], { ...env, OTEL_EXPORTER_OTLP_ENDPOINT });
      try {
        const url = await example.line();
        const callers = ['1', '2', '3'].map((digit) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16) }));
        // All at once: each statement has to find its own request.
        const answers = await Promise.all(
          callers.map(async ({ traceId, spanId }) => {
            const headers = { traceparent: `00-${traceId}-${spanId}-01` };
            return (await fetch(`${url}/squares/3`, { headers })).json();
          }),
        );
        expect(answers).to.deep.equal([SQUARES, SQUARES, SQUARES]);
        expect((await fetch(`${url}/squares/many`)).status).to.equal(400);
        example.signal('SIGTERM');
        expect(await example.end()).to.deep.equal({ how: 0, errors: '' });

        for (const { traceId, spanId } of callers) {
          const spans = receiver.spans.filter((span) => span.traceId === traceId);
          const request = spans.find(({ kind }) => kind === SERVER);
          expect(request?.parentSpanId).to.equal(spanId);
          const clients = spans.filter(({ kind }) => kind === CLIENT);
          expect(clients.map(({ parentSpanId }) => parentSpanId)).to.deep.equal([request?.spanId]);
          expect(clients[0]?.attributes).to.include({ 'db.system.name': 'databricks' });
        }
        const traced = receiver.spans.flatMap(({ attributes }) => attributes['databricks.statement.id'] ?? []);
        expect(traced).to.have.members(workspace.received.statements().map(({ statementId }) => statementId));
        expect(receiver.bodies.join()).to.contain('{"key":"service.name","value":{"stringValue":"squares"}}');
        expect(new Set(workspace.received.requests().map(({ route }) => route))).to.deep.equal(new Set(['thrift']));
      } finally {
        example.signal('SIGKILL');
        await receiver.close();
      }
    });
  }

  it('express: without a receiver of traces it answers, and ends with a line about the spans that nobody took', async () => {
    const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '1000' };
    const example = Example.start(['examples/express/server.ts'], { ...env, ...nobody });
    try {
      expect(await (await fetch(`${await example.line()}/squares/3`)).json()).to.deep.equal(SQUARES);
      example.signal('SIGTERM');
      const { how, errors } = await example.end();
      expect(how).to.equal(0);
      expect(errors).to.match(/^the last spans were not delivered: .*\n$/);
    } finally {
      example.signal('SIGKILL');
    }
  });

  it('pino: a line for each statement, a warning for a slow one, an error for what failed, beside the requests', async () => {
    const logged = { LOG_LEVEL: 'debug', DATABRICKS_TELEMETRY_SLOW_STATEMENT_MS: '1000' };
    const example = Example.start(['examples/pino/server.ts'], { ...env, ...logged });
    try {
      const [address = ''] = /http:[\d.:/]+/.exec((await example.lines('listening')).join()) ?? [];
      const url = `${address}/squares/3`;
      expect(await (await fetch(url)).json()).to.deep.equal(SQUARES);
      workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 1500, times: 1 });
      expect(await (await fetch(url)).json()).to.deep.equal(SQUARES);
      workspace.faults.add({ rpc: 'ExecuteStatement', error: { message: 'no', sqlState: '42000' }, times: 1 });
      expect((await fetch(url)).status).to.equal(500);
      example.signal('SIGTERM');
      const lines = (await example.lines()).map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(await example.end()).to.deep.equal({ how: 0, errors: '' });

      const ours = lines.filter(({ component }) => component === 'databricks-sql');
      const [first, second] = workspace.received.statements().map(({ statementId }) => statementId);
      const recorded = ours.filter(({ kind }) => kind === 'statement');
      expect(recorded.map(({ level, outcome }) => [level, outcome])).to.deep.equal([
        [20, 'delivered'],
        [20, 'delivered'],
        [40, 'failed'],
      ]);
      expect(recorded.slice(0, 2).map(({ statementId }) => statementId)).to.deep.equal([first, second]);
      const slow = ours.filter(({ msg }) => String(msg).startsWith('slow: '));
      expect(slow.map(({ level, statementId }) => [level, statementId])).to.deep.equal([[40, second]]);
      const errors = ours.filter(({ kind }) => kind === 'error');
      expect(errors.map(({ level, sqlState }) => [level, sqlState])).to.deep.equal([[50, '42000']]);
      expect(lines.filter(({ msg }) => msg === 'request completed')).to.have.length(3);
      expect(new Set(workspace.received.requests().map(({ route }) => route))).to.deep.equal(new Set(['thrift']));
    } finally {
      example.signal('SIGKILL');
    }
  });

  it('lambda: an instance that is frozen as its handler returns has delivered the records', async () => {
    // Nothing runs while it waits for a key.
    const host = `
      const { readSync, writeSync } = require('node:fs');
      const { handler } = require('./examples/lambda/handler.ts');
      (async () => {
        for (;;) {
          writeSync(1, JSON.stringify(await handler({ count: 3 })) + '\\n');
          readSync(0, Buffer.alloc(1));
        }
      })();`;
    const example = Example.start(['-e', host], env);
    try {
      for (const invocation of [1, 2]) {
        const { statusCode, body } = JSON.parse(await example.line()) as { statusCode: number; body: string };
        expect([statusCode, JSON.parse(body)]).to.deep.equal([200, SQUARES]);
        const recorded = statementRows(workspace).map((row) => row.sql_statement_id);
        expect(recorded).to.have.length(invocation);
        expect(recorded).to.have.members(workspace.received.statements().map(({ statementId }) => statementId));
        example.type('\n');
      }
    } finally {
      example.signal('SIGKILL');
    }
    expect(await example.end()).to.deep.equal({ how: 'SIGKILL', errors: '' });
  });

  it('workerPool: results and records of all threads add up', async () => {
    const example = Example.start(['examples/workerPool/main.ts'], env);
    const total = JSON.parse(await example.line()) as Record<string, number>;
    expect(await example.end()).to.deep.equal({ how: 0, errors: '' });
    // The sum of 1 to n, of each n from 1 to 12.
    expect(total).to.include({ statements: 12, sum: 364 });
    const recorded = statementRows(workspace).map((row) => row.sql_statement_id);
    expect(recorded).to.have.length(12);
    expect(recorded).to.have.members(workspace.received.statements().map(({ statementId }) => statementId));
    const sessions = [...sessionRows(workspace, 'CREATE_SESSION'), ...sessionRows(workspace, 'DELETE_SESSION')];
    expect(sessions).to.have.length(6);
    expect([total['collected'], total['delivered']]).to.deep.equal([18, 18]);
  });
});
