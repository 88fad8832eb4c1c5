import { expect } from 'chai';
import {
  DBSQLClient,
  FileExporter,
  TelemetryEventType,
  type ConnectionOptions,
  type TelemetryExplanation,
} from 'databricks-sql-telemetry';
import { explain, type ExplanationFacts } from '../../lib/explain/explain';
import { REASONS, type ReasonCode } from '../../lib/explain/reasons';
import { toHostKey } from '../../lib/model/connection';
import { ANSWERS } from './explaining/answers';
import { DECISIONS } from './explaining/decisions';
import { CALM, explainedIn, ON } from './explaining/Situation';
import { query } from './support/application';
import { startFreshWorkspace } from './support/workspace';

describe('explainTelemetry()', () => {
  const seen = new Set<ReasonCode>();

  /** Checks what holds of every explanation, and notes which reason it gave. */
  function expectReason(explanation: TelemetryExplanation, code: ReasonCode, summary: RegExp): void {
    const { reasons } = explanation;
    const named = reasons.find((reason) => reason.code === code);
    expect(named?.sentence, JSON.stringify(explanation)).to.match(summary);
    expect(named?.advice).to.equal(REASONS[code].advice);
    expect(explanation.summary).to.equal(reasons[0]?.sentence);
    expect(JSON.parse(JSON.stringify(explanation)), 'plain data').to.deep.equal(withoutUndefined(explanation));
    expect(JSON.stringify(explanation)).to.not.include('dapi');
    for (const { sentence } of reasons) expect(sentence).to.not.match(/\{\w+\}|unknown/);
    seen.add(code);
  }

  for (const situation of [...DECISIONS, ...ANSWERS]) {
    it(`says so when ${situation.title}`, async () => {
      const workspace = await startFreshWorkspace({ featureFlagEnabled: situation.flag ?? true });
      try {
        const explanation = await explainedIn(workspace, situation);
        expectReason(explanation, situation.code, situation.summary);
        expect(explanation.isSent).to.equal(situation.isSent);
        const isAlone = !['sessions_off', 'receivers', 'option_adjusted'].includes(situation.code);
        if (isAlone) expect(explanation.reasons[0]?.code).to.equal(situation.code);
      } finally {
        await workspace.close();
      }
    });
  }

  it('is about what is sent first, whoever else gets it', async () => {
    const workspace = await startFreshWorkspace();
    const client = new DBSQLClient({ logger: { log: () => undefined } });
    client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, () => undefined);
    await client.connect({ ...workspace.connectionOptions, ...ON });
    await client.openSession();
    await client.flushTelemetry();
    const codes = client.explainTelemetry().reasons.map(({ code }) => code);
    expect(codes).to.deep.equal(['works', 'receivers']);
    await client.close();
    await workspace.close();
  });

  it('says so before connect() and after a connect() that failed', async () => {
    const workspace = await startFreshWorkspace();
    const client = new DBSQLClient({ logger: { log: () => undefined } });
    const pattern = /^The client is not connected: connect\(\) was not called, or has failed\.$/;
    expectReason(client.explainTelemetry(), 'not_connected', pattern);
    await client
      .connect({ ...workspace.connectionOptions, authType: 'custom', provider: undefined as never, ...ON })
      .catch(() => undefined);
    expect(client.explainTelemetry().isSent).to.equal(false);
    await workspace.close();
  });

  it('says so when an exporter fails, and is plain data with its account', async () => {
    const workspace = await startFreshWorkspace();
    const telemetryExporters = [new FileExporter({ path: '/dev/null/statements.jsonl', name: 'archive' })];
    const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM, telemetryExporters });
    await client.connect({ ...workspace.connectionOptions });
    await query(await client.openSession());
    await client.close();
    const explanation = client.explainTelemetry();
    const pattern =
      /^The exporter archive has failed \(the last: Error \(ENOTDIR\)\); records delivered: 0, waiting: 0, dropped: 3\.$/;
    expectReason(explanation, 'exporter_failed', pattern);
    expect(explanation.exporters).to.have.length(1);
    expect(explanation.exporters[0]).to.include({ name: 'archive', collected: 3, delivered: 0, pending: 0 });
    await workspace.close();
  });

  it('says so after close()', async () => {
    const workspace = await startFreshWorkspace();
    const client = new DBSQLClient({ logger: { log: () => undefined } });
    await client.connect({ ...workspace.connectionOptions, ...ON });
    await client.close();
    expectReason(client.explainTelemetry(), 'closed', /^The client is closed; nothing more is collected\.$/);
    await workspace.close();
  });

  it('says so when a record has no credentials that the workspace accepts', async () => {
    const workspace = await startFreshWorkspace();
    const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM });
    await client.connect({ ...workspace.connectionOptions, token: 'wrong', ...ON } as ConnectionOptions);
    await client.openSession().catch(() => undefined);
    await client.flushTelemetry({ deadlineMs: 5000 });
    await client.close();
    const explanation = client.explainTelemetry();
    const codes = explanation.reasons.map(({ code }) => code);
    expect(
      codes.some((code) => code === 'flag_refused' || code === 'no_credentials'),
      codes.join(),
    ).to.equal(true);
    await workspace.close();
  });

  it('names the last failure of each kind, and in the stats the later one', async () => {
    const workspace = await startFreshWorkspace();
    workspace.faults.add({ route: 'telemetry-ext', status: 403 });
    const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM });
    await client.connect({ ...workspace.connectionOptions, ...ON });
    await client.openSession();
    await client.flushTelemetry({ deadlineMs: 5000 });
    const failure = { name: 'HttpError', code: undefined, status: 403 };
    expect(client.explainTelemetry().failures).to.deep.equal({ flag: undefined, export: failure });
    expect(client.getTelemetryStats()?.lastError).to.deep.equal(failure);
    await client.close();
    await workspace.close();
  });

  it('names the origin of a collector, not the path of its address, and asks for no flag', async () => {
    const workspace = await startFreshWorkspace();
    const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM });
    const telemetryEndpoint = 'http://127.0.0.1:9/secret-path?key=secret';
    await client.connect({ ...workspace.connectionOptions, ...ON, telemetryEndpoint });
    await client.openSession();
    await client.flushTelemetry({ deadlineMs: 5000 });
    const explanation = client.explainTelemetry();
    expect(explanation.destination).to.deep.equal({ kind: 'endpoint', address: 'http://127.0.0.1:9' });
    expect(explanation.flag).to.equal(undefined);
    expect(explanation.failures.export?.code).to.equal('ECONNREFUSED');
    expect(JSON.stringify(explanation)).to.not.include('secret');
    await client.close();
    await workspace.close();
  });

  it('has a sentence for what does not start, a host that is none, and records without credentials', () => {
    const nobody: ExplanationFacts = {
      connection: 'open',
      refusals: [],
      problems: [],
      host: toHostKey('example.com'),
      isCollecting: false,
      telemetry: undefined,
      optedOutSessions: 0,
      hasReceivers: false,
      options: {},
      exporters: [],
    };
    expectReason(explain(nobody), 'not_started', /^Telemetry could not be started in this environment\.$/);
    const noHost = explain({ ...nobody, host: toHostKey('//attacker.example') });
    expectReason(noHost, 'no_host', /^The host of the connection is not the name of a host/);
    const telemetry = {
      destination: { kind: 'workspace', address: 'https://example.com' },
      flag: { state: 'on', isServersWord: true, dueInMs: 0, failure: undefined },
      ...{ isBreakerOpen: false, nextAttemptInMs: 0, exportFailure: undefined },
      ...{ collected: 2, delivered: 0, rejected: 0, sampled: 0, pending: 0, dropped: { no_credentials: 2 } },
    } as const;
    const dropped = explain({ ...nobody, isCollecting: true, telemetry });
    expectReason(dropped, 'no_credentials', /^Records dropped because their connection has no credentials .*: 2\.$/);
  });

  it('has a test for every reason', () => {
    expect([...seen]).to.have.members(Object.keys(REASONS));
  });
});

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutUndefined(item)]));
}
