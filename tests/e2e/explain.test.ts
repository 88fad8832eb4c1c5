import { expect } from 'chai';
import type { FaultSpec, LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  FileExporter,
  TelemetryEventType,
  type ConnectionOptions,
  type TelemetryExplanation,
  type TelemetryOptions,
} from 'databricks-sql-telemetry';
import { explain, type ExplanationFacts } from '../../lib/explain/explain';
import { REASONS, type ReasonCode } from '../../lib/explain/reasons';
import { toHostKey } from '../../lib/model/connection';
import { query, type Session } from './support/application';
import { startFreshWorkspace } from './support/workspace';

interface Situation {
  /** The decisive reason, whose sentence is the summary. */
  readonly code: ReasonCode;
  readonly summary: RegExp;
  readonly title: string;
  readonly isSent: boolean;
  readonly env?: Record<string, string>;
  readonly ofClient?: TelemetryOptions;
  readonly options?: Partial<ConnectionOptions>;
  readonly faults?: readonly FaultSpec[];
  readonly flag?: boolean;
  /** Default: one query, then a flush. */
  readonly work?: (client: DBSQLClient, session: Session) => Promise<unknown>;
}

const ON = { telemetryEnabled: true } as const;
const CALM = { telemetryMaxRetries: 0, telemetryCloseTimeoutMs: 500, telemetryFlushIntervalMs: 3_600_000 } as const;
const POST = { route: 'telemetry-ext' } as const;

const nothing = (): Promise<void> => Promise.resolve();

async function queryAndFlush(client: DBSQLClient, session: Session): Promise<void> {
  await query(session);
  await client.flushTelemetry({ deadlineMs: 5000 });
}

const DECISIONS: readonly Situation[] = [
  ...['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK'].map((variable): Situation => ({
    code: 'environment',
    title: `${variable} is set`,
    summary: new RegExp(`^The environment variable ${variable} switches telemetry off\\.$`),
    isSent: false,
    env: { [variable]: '1' },
    options: ON,
  })),
  {
    code: 'switched_off',
    title: 'the constructor says no',
    summary: /^telemetryEnabled is false in the options of the constructor\.$/,
    isSent: false,
    ofClient: { telemetryEnabled: false },
    options: ON,
  },
  {
    code: 'switched_off',
    title: 'connect() says no',
    summary: /^telemetryEnabled is false in the options of connect\(\)\.$/,
    isSent: false,
    ofClient: ON,
    options: { telemetryEnabled: false },
  },
  {
    code: 'not_asked_for',
    title: 'nobody says anything',
    summary: /^Nobody asked for telemetry: neither the constructor nor connect\(\) was given telemetryEnabled: true\.$/,
    isSent: false,
  },
  {
    code: 'log_level_off',
    title: 'the log level is OFF',
    summary: /^telemetryLogLevel is OFF in the options of connect\(\)\.$/,
    isSent: false,
    options: { ...ON, telemetryLogLevel: 'OFF' },
  },
  {
    code: 'hidden',
    title: 'nobody may observe',
    summary:
      /^telemetryObserve was set to something other than true by the constructor: nobody observes the connection\.$/,
    isSent: false,
    ofClient: { telemetryObserve: false },
    options: ON,
  },
  {
    code: 'option_problem',
    title: 'an option that limits has an impossible value',
    summary: /^The option telemetryEndpoint cannot be this string, so nothing leaves\.$/,
    isSent: false,
    options: { ...ON, telemetryEndpoint: 'collector' },
  },
  {
    code: 'option_problem',
    title: 'a variable of the environment has an impossible value',
    summary:
      /^The option telemetrySampleRate \(DATABRICKS_TELEMETRY_SAMPLE_RATE\) cannot be this string, so nothing leaves\.$/,
    isSent: false,
    env: { DATABRICKS_TELEMETRY_SAMPLE_RATE: 'some' },
    options: ON,
  },
  {
    code: 'environment',
    title: 'a variable of the environment says no',
    summary: /^The environment variable DATABRICKS_TELEMETRY_ENABLED switches telemetry off\.$/,
    isSent: false,
    env: { DATABRICKS_TELEMETRY_ENABLED: 'false' },
    options: ON,
  },
  {
    code: 'option_adjusted',
    title: 'an exporter of the application is none',
    summary: /^The option telemetryExporters cannot be this string: left out\.$/,
    isSent: true,
    options: { ...ON, telemetryExporters: ['console'] as never },
  },
  {
    code: 'dry_run',
    title: 'it is a dry run',
    summary: /^telemetryDryRun is set: requests are shown and not made\.$/,
    isSent: false,
    options: { ...ON, telemetryDryRun: () => undefined },
  },
  {
    code: 'sessions_off',
    title: 'a session opted out',
    summary: /^Sessions opened with telemetryEnabled: false, of which nothing is sent: 1\.$/,
    isSent: true,
    options: ON,
    work: async (client) => void (await client.openSession({ telemetryEnabled: false })),
  },
  {
    code: 'receivers',
    title: 'somebody listens',
    summary: /^The connection is observed for receivers of the application\.$/,
    isSent: true,
    options: ON,
    work: async (client) => {
      client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, () => undefined);
      await client.openSession();
    },
  },
  {
    code: 'option_adjusted',
    title: 'an option that tunes has an impossible value',
    summary: /^The option telemetryBatchSize cannot be this number: brought within limits\.$/,
    isSent: true,
    options: { ...ON, telemetryBatchSize: -1 },
  },
];

const ON_AND_ANSWERED: readonly Situation[] = [
  {
    code: 'flag_off',
    title: 'the workspace says no',
    summary: /^The feature flag of the workspace says no\. It is asked for again in \d+ s\.$/,
    isSent: false,
    flag: false,
  },
  {
    code: 'flag_missing',
    title: 'the workspace has no flags',
    summary:
      /^There is no feature flag of the workspace \(status 404\), which counts as no\. It is asked for again in \d+ s\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 404 }],
  },
  {
    code: 'flag_refused',
    title: 'the flag is not for this token',
    summary:
      /^The feature flag of the workspace is not for these credentials \(status 403\)\. It is asked for again in \d+ s\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 403 }],
  },
  {
    code: 'flag_failed',
    title: 'the flag endpoint fails',
    summary:
      /^The feature flag of the workspace could not be asked for \(status 503\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 503 }],
  },
  ...[
    { title: 'an answer that breaks off', fault: { action: 'truncate' }, status: 200 },
    { title: 'a web page in place of the flag', fault: { status: 200, body: '<html></html>' }, status: 200 },
  ].map(({ title, fault, status }): Situation => ({
    code: 'flag_failed',
    title: `the flag endpoint has ${title}`,
    summary: new RegExp(
      `^The feature flag of the workspace could not be asked for \\(status ${status} with a body that cannot be read\\)\\.`,
    ),
    isSent: false,
    faults: [{ route: 'feature-flags', ...(fault as FaultSpec) }],
  })),
  {
    code: 'flag_missing',
    title: 'the flag endpoint has an answer without content',
    summary:
      /^There is no feature flag of the workspace \(status 204 with a body that cannot be read\), which counts as no\./,
    isSent: false,
    faults: [{ route: 'feature-flags', status: 204 }],
  },
  {
    code: 'endpoint_replaced',
    title: 'a web page is where the endpoint should be',
    summary: /^A web page answers in the place of the endpoint\.$/,
    isSent: false,
    faults: [{ ...POST, status: 200, body: '<!doctype html><html></html>' }],
  },
  {
    code: 'flag_failed',
    title: 'the flag endpoint resets the connection',
    summary:
      /^The feature flag of the workspace could not be asked for \(ECONNRESET\)\. It is asked for again in \d+ s; records waiting: 2\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', action: 'reset' }],
  },
  {
    code: 'flag_pending',
    title: 'the flag endpoint hangs',
    summary: /^The feature flag of the workspace was not asked for yet, or there is no answer; records waiting: 1\.$/,
    isSent: false,
    faults: [{ route: 'feature-flags', action: 'hang' }],
    work: nothing,
  },
  {
    code: 'breaker_open',
    title: 'the breaker is open',
    summary:
      /^Too many requests in a row failed \(the last: status 503\): the circuit breaker is open\. The next attempt is in \d+ s; records waiting: 2\.$/,
    isSent: false,
    options: { telemetryCircuitBreakerThreshold: 1 },
    faults: [{ ...POST, status: 503 }],
  },
  {
    code: 'endpoint_refuses',
    title: 'the endpoint refuses the token',
    summary: /^The endpoint refuses the records \(status 403\)\.$/,
    isSent: false,
    faults: [{ ...POST, status: 403 }],
  },
  {
    code: 'endpoint_redirects',
    title: 'the endpoint redirects',
    summary: /^The endpoint redirects \(status 302\), which is not followed\.$/,
    isSent: false,
    faults: [{ ...POST, status: 302, headers: { location: 'https://portal.test/' } }],
  },
  {
    code: 'endpoint_fails',
    title: 'the endpoint fails',
    summary: /^The last request with records failed \(ECONNRESET\)\. They are sent later; records waiting: 2\.$/,
    isSent: true,
    faults: [{ ...POST, action: 'reset' }],
  },
  {
    code: 'dropped',
    title: 'records were dropped',
    summary: /^Records dropped as queue_full: \d+\.$/,
    isSent: true,
    options: { telemetryMaxPendingMetrics: 1, telemetryFlushIntervalMs: 3_600_000 },
    work: async (_client, session) => {
      for (let i = 0; i < 4; i += 1) await query(session);
    },
  },
  {
    code: 'nothing_yet',
    title: 'nothing has happened',
    summary: /^Telemetry is on, and nothing has happened yet\.$/,
    isSent: true,
  },
  {
    code: 'waiting',
    title: 'records wait',
    summary: /^Telemetry is on; records waiting for the next flush: 2\.$/,
    isSent: true,
    work: (_client, session) => query(session),
  },
  {
    code: 'works',
    title: 'all is well',
    summary: /^Telemetry works: 2 of 2 records were delivered to https:\/\/localhost:\d+\.$/,
    isSent: true,
  },
];

const ANSWERS = ON_AND_ANSWERED.map(
  (situation) => ({ ...situation, options: { ...ON, ...situation.options } }) as Situation,
);

async function explainedIn(workspace: LocalWorkspace, situation: Situation): Promise<TelemetryExplanation> {
  const { env = {}, ofClient = {}, options = {}, faults = [], work = queryAndFlush } = situation;
  for (const fault of faults) workspace.faults.add(fault);
  Object.assign(process.env, env);
  const client = new DBSQLClient({ logger: { log: () => undefined }, ...CALM, ...ofClient });
  try {
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    if (situation.code === 'nothing_yet') {
      await client.flushTelemetry({ deadlineMs: 5000 });
      return client.explainTelemetry();
    }
    const session = await client.openSession();
    await work(client, session);
    return client.explainTelemetry();
  } finally {
    for (const variable of Object.keys(env)) delete process.env[variable];
    await client.close();
  }
}

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
    workspace.faults.add({ ...POST, status: 403 });
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
