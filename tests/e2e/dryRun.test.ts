import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { validateTelemetryLog, type LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions, TelemetryPreview } from 'databricks-sql-telemetry';
import { inSession, type Session } from './support/application';
import { startFreshWorkspace } from './support/workspace';

const ROOT = resolve(__dirname, '../..');

interface Body {
  readonly uploadTime: number;
  readonly items: readonly unknown[];
  readonly protoLogs: readonly string[];
}

async function work(session: Session): Promise<void> {
  const operation = await session.executeStatement('SELECT 1 AS one');
  await operation.fetchAll();
  await operation.close();
  const failing = await session.executeStatement('SELECT * FROM no_such_table');
  await failing.fetchAll().catch(() => undefined);
}

/** Names and types of all that is in a log. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
}

function logsOf(bodies: readonly Body[]): unknown[] {
  return bodies.flatMap(({ protoLogs }) => protoLogs.map((log) => JSON.parse(log) as unknown));
}

describe('telemetryDryRun', () => {
  let workspace: LocalWorkspace;
  let previews: TelemetryPreview[];
  const keep = (preview: TelemetryPreview): void => void previews.push(preview);

  before(async () => {
    workspace = await startFreshWorkspace({ orgId: '1234567890123456', featureFlagEnabled: false });
  });
  beforeEach(() => {
    previews = [];
    workspace.received.clear();
    workspace.setFeatureFlag(false);
  });
  after(() => workspace.close());

  const routes = (): string[] => [...new Set(workspace.received.requests().map(({ route }) => route))];

  for (const telemetryAuthenticatedExport of [true, false]) {
    const mode = telemetryAuthenticatedExport ? 'with' : 'without';
    const options = { telemetryAuthenticatedExport, userAgentEntry: 'report' } as Partial<ConnectionOptions>;

    it(`shows ${mode} credentials what is sent without the option, and makes no request`, async () => {
      const client = await inSession(workspace, work, { ...options, telemetryDryRun: keep });
      expect(routes()).to.deep.equal(['thrift']);
      expect(client.getTelemetryStats()).to.include({ delivered: 5, collected: 5, requests: 0, bytesSent: 0 });
      const shown = previews.map(({ body }) => JSON.parse(body) as Body);

      const real = await startFreshWorkspace({ orgId: '1234567890123456' });
      await inSession(real, work, options);
      const sent = real.received.telemetryRequests().map(({ body }) => body as unknown as Body);
      const [request] = real.received.telemetryRequests();
      await real.close();
      const shapes = (bodies: readonly Body[]): string[] => logsOf(bodies).map((log) => JSON.stringify(shapeOf(log)));
      expect(shapes(shown).sort()).to.deep.equal(shapes(sent).sort());
      expect(logsOf(shown).flatMap(validateTelemetryLog)).to.deep.equal([]);
      for (const { method, url, headers } of previews) {
        expect([method, new URL(url).port]).to.deep.equal(['POST', String(workspace.port)]);
        expect(new URL(url).pathname.replace('/api/2.0/sql', '')).to.equal(
          request?.request.path.replace('/api/2.0/sql', ''),
        );
        const added = ['connection', 'content-length', 'host'];
        const names = Object.keys(request?.request.headers ?? {}).filter((name) => !added.includes(name));
        expect(Object.keys(headers)).to.have.members(names);
      }
    });
  }

  it('shows no credentials', async () => {
    await inSession(workspace, work, { telemetryDryRun: keep });
    expect(JSON.stringify(previews)).to.not.contain(workspace.token);
    expect(previews[0]?.headers['authorization']).to.equal('<credentials>');
  });

  it('shows what a collector of one’s own would get, without anything of the connection', async () => {
    const telemetryEndpoint = 'https://collector.test/telemetry?key=1';
    await inSession(workspace, work, { telemetryDryRun: keep, telemetryEndpoint });
    expect(new Set(previews.map(({ url }) => url))).to.deep.equal(new Set([telemetryEndpoint]));
    for (const { headers, body } of previews) {
      const encoding = body.length < 1024 ? [] : ['content-encoding'];
      expect(headers).to.have.all.keys('user-agent', 'content-type', ...encoding);
      expect(JSON.parse(body)).to.have.property('protoLogs');
    }
  }).retries(2); // It measures time: what is not compressed within half a second goes plain.

  it('writes a line for each request to a file that only its owner can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'preview-'));
    const file = join(folder, 'telemetry.jsonl');
    await inSession(workspace, work, { telemetryDryRun: file });
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const requests = lines.map((line) => JSON.parse(line) as { method: string; url: string; body: Body });
    expect(logsOf(requests.map(({ body }) => body)).length).to.equal(5);
    expect(new Set(requests.map(({ method }) => method))).to.deep.equal(new Set(['POST']));
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(routes()).to.deep.equal(['thrift']);
    await rm(folder, { recursive: true });
  });

  for (const [what, telemetryDryRun] of [
    [
      'a function that throws',
      () => {
        throw new Error('of the application');
      },
    ],
    [
      'a function whose promise rejects',
      async () => {
        throw new Error('of the application');
      },
    ],
    ['a file that cannot be written', '/nowhere/telemetry.jsonl'],
  ] as ReadonlyArray<[string, ConnectionOptions['telemetryDryRun'] & {}]>) {
    it(`${what} loses the records, which are counted, and nothing else`, async () => {
      const client = await inSession(workspace, work, { telemetryDryRun });
      const stats = client.getTelemetryStats();
      expect([stats?.collected, stats?.dropped.invalid]).to.deep.equal([5, 5]);
    });
  }

  it('does not touch other connections to the host', async () => {
    workspace.setFeatureFlag(true);
    await inSession(workspace, async () => {
      await inSession(workspace, work, { telemetryDryRun: keep });
    });
    expect(workspace.received.telemetryLogs().length).to.equal(2);
    expect(logsOf(previews.map(({ body }) => JSON.parse(body) as Body)).length).to.equal(5);
  });

  it('examples/preview.ts shows requests and makes none', async function () {
    this.timeout(60_000);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['-r', './tools/typescript.cjs', 'examples/preview.ts'],
      { cwd: ROOT },
    );
    expect(stdout).to.match(/^POST https:\/\/localhost:\d+\/\S*telemetry-ext$/m);
    expect(stdout).to.contain('"error_name": "OperationStateError"');
    expect(stdout).to.match(/^Requests of telemetry that were made: 0$/m);
  });
});
