import diagnostics from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  TELEMETRY_OPTIONS,
  type ConnectionOptions,
  type DBSQLClient,
  type TelemetryOptions,
} from 'databricks-sql-telemetry';
import sinon from 'sinon';
import type { OptionRow } from '../../lib/model/optionRow';
import { systemClock } from '../../lib/util/clock';
import { droppedOf, expectAccounted } from './support/accounts';
import { connectTo, KeepingLogger, type Session } from './support/application';
import { HttpCollector } from './support/HttpCollector';
import { errorRows, sessionRows, statementRows } from './support/telemetry';
import { TimeMachine } from './support/time';
import { rejectionOf, until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

type OptionName = keyof typeof TELEMETRY_OPTIONS;

/** An experiment: what `connect()` gets beside the matter in question, and what is to be seen with each value. */
type Measure = (options: TelemetryOptions) => Promise<unknown>;

interface Experiment {
  readonly title: string;
  readonly measure: Measure;
  /** Values of the option and what is seen with them. */
  readonly seen: ReadonlyArray<readonly [value: string | number | boolean, result: unknown]>;
}

const HOUR_MS = 3_600_000;

function isTime(name: OptionName): boolean {
  const row: OptionRow = TELEMETRY_OPTIONS[name];
  return name === 'telemetryFlushOnExit' || (row.type === 'number' && row.unit === 'ms');
}

/** Sends when somebody flushes, and tries once. */
const CALM: TelemetryOptions = {
  telemetryFlushIntervalMs: HOUR_MS,
  telemetryMaxRetries: 0,
  telemetryBackoffBaseMs: 1,
  telemetryCloseTimeoutMs: 3000,
};

async function query(session: Session, sql = 'SELECT 1 AS one'): Promise<void> {
  const operation = await session.executeStatement(sql);
  await operation.fetchAll();
  await operation.close();
}

const failing = (session: Session): Promise<unknown> => rejectionOf(query(session, 'SELECT * FROM no_such_table'));

describe('every option of connect() has an effect', () => {
  let workspace: LocalWorkspace;
  let random: sinon.SinonStub | undefined;
  let time: TimeMachine | undefined;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(async () => {
    random?.restore();
    time?.restore();
    await workspace.close();
  });

  const connect = (options: TelemetryOptions): Promise<DBSQLClient> =>
    connectTo(workspace, { ...CALM, ...options } as Partial<ConnectionOptions>);

  const posts = (): number => workspace.received.requests({ route: 'telemetry-ext' }).length;
  const pending = (client: DBSQLClient): number | undefined => client.getTelemetryStats()?.pending;

  /** Connects, works in a session, and closes it all. */
  async function session(options: TelemetryOptions, work: (session: Session, client: DBSQLClient) => Promise<unknown>) {
    const client = await connect(options);
    try {
      return await work(await client.openSession(), client);
    } finally {
      await client.close();
      if (client.getTelemetryStats() !== undefined) expectAccounted(client.getTelemetryStats());
    }
  }

  /** Whether `client.close()` takes a second. */
  async function takesASecondToClose(options: TelemetryOptions): Promise<boolean> {
    const client = await connect(options);
    await client.openSession();
    const startedMs = performance.now();
    await client.close();
    return performance.now() - startedMs > 980;
  }

  const experiments: Record<OptionName, Experiment> = {
    telemetryEnabled: {
      title: 'whether there is telemetry at all',
      measure: (options) => session(options, async (_, client) => client.getTelemetryStats() !== undefined),
      seen: [
        [true, true],
        [false, false],
      ],
    },
    telemetryObserve: {
      title: 'whether anybody is told',
      measure: (options) => session(options, async (_, client) => client.getTelemetryStats() !== undefined),
      seen: [
        [true, true],
        [false, false],
      ],
    },
    telemetryStatementText: {
      title: 'whether channels are shown the text of a statement',
      measure: async (options) => {
        const texts: unknown[] = [];
        const subscriber = (message: unknown): void => void texts.push((message as { query?: string }).query);
        diagnostics.subscribe('tracing:databricks-sql:statement:start', subscriber);
        try {
          await session(options, (opened) => query(opened, 'SELECT 42'));
        } finally {
          diagnostics.unsubscribe('tracing:databricks-sql:statement:start', subscriber);
        }
        return texts;
      },
      seen: [
        [true, ['SELECT 42']],
        [false, [undefined]],
      ],
    },
    telemetryAuthenticatedExport: {
      title: 'whether records leave with credentials',
      measure: async (options) => {
        await session(options, async () => undefined);
        return workspace.received.telemetryRequests().map(({ authenticated }) => authenticated);
      },
      seen: [
        [true, [true]],
        [false, [false]],
      ],
    },
    telemetryAnonymousErrors: {
      title: 'whether a refused connection is reported without credentials',
      measure: async (options) => {
        // A connection that is accepted has the flag asked.
        await session({}, async () => undefined);
        const refused = { ...CALM, ...options, token: 'dapi-wrong' } as Partial<ConnectionOptions>;
        const client = await connectTo(workspace, refused);
        await rejectionOf(client.openSession());
        await client.close();
        return workspace.received.telemetryRequests().map(({ authenticated }) => authenticated);
      },
      seen: [
        [true, [true, false]],
        [false, [true]],
      ],
    },
    telemetryLogLevel: {
      title: 'how severe a record must be',
      measure: async (options) => {
        await session(options, async (opened) => {
          await query(opened);
          await failing(opened);
        });
        return [statementRows(workspace).length, errorRows(workspace).length];
      },
      seen: [
        ['INFO', [2, 1]],
        ['warn', [1, 1]],
        ['ERROR', [0, 1]],
        [0, [0, 0]],
      ],
    },
    telemetryBatchSize: {
      title: 'records in a request',
      measure: async (options) => {
        workspace.faults.add({ route: 'feature-flags', delayMs: 200 });
        await session(options, async (opened) => {
          for (let i = 0; i < 4; i += 1) await query(opened);
        });
        return Math.max(...workspace.received.telemetryRequests().map(({ logs }) => logs.length));
      },
      seen: [
        [100, 6],
        [2, 2],
      ],
    },
    telemetryFlushIntervalMs: {
      title: 'when a record is sent by itself',
      measure: (options) =>
        session(options, async (opened, client) => {
          await query(opened);
          const sent = until('sent', () => pending(client) === 0, 1500);
          return (await rejectionOf(sent)) === undefined;
        }),
      seen: [
        [100, true],
        [HOUR_MS, false],
      ],
    },
    telemetryMaxRetries: {
      title: 'attempts after the first',
      measure: async (options) => {
        workspace.faults.add({ route: 'telemetry-ext', status: 503 });
        await session(options, async () => undefined);
        return posts();
      },
      seen: [
        [0, 1],
        [2, 3],
      ],
    },
    telemetryBackoffBaseMs: {
      title: 'the pause before a retry',
      measure: (options) => pauseBeforeRetry({ telemetryMaxRetries: 1, telemetryBackoffMaxMs: 60_000, ...options }),
      seen: [
        [1, 0],
        [400, 400],
      ],
    },
    telemetryBackoffMaxMs: {
      title: 'the longest pause before a retry',
      measure: (options) => pauseBeforeRetry({ telemetryMaxRetries: 1, telemetryBackoffBaseMs: 400, ...options }),
      seen: [
        [1, 0],
        [5000, 400],
      ],
    },
    telemetryRequestTimeoutMs: {
      title: 'when a request that hangs is given up',
      measure: async (options) => {
        workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
        const client = await connect({ telemetryMaxRetries: 10, telemetryCloseTimeoutMs: 1000, ...options });
        await client.openSession();
        await client.close();
        return (client.getTelemetryStats()?.requests ?? 0) > 1;
      },
      seen: [
        [100, true],
        [10_000, false],
      ],
    },
    telemetryMaxRequestBytes: {
      title: 'the size of a request',
      measure: async (options) => {
        await session(options, async (opened) => {
          for (let i = 0; i < 10; i += 1) await query(opened);
        });
        return Math.max(...workspace.received.requests({ route: 'telemetry-ext' }).map(({ bytes }) => bytes)) <= 5000;
      },
      seen: [
        [5000, true],
        [1_000_000, false],
      ],
    },
    telemetryExportTimeoutMs: {
      title: 'when a request with its retries is given up',
      measure: async (options) => {
        workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
        const client = await connect({
          telemetryMaxRetries: 10,
          telemetryRequestTimeoutMs: 100,
          telemetryCloseTimeoutMs: 500,
          ...options,
        });
        await client.openSession();
        await client.flushTelemetry({ deadlineMs: 10_000 });
        const attempts = client.getTelemetryStats()?.requests ?? 0;
        await client.close();
        return attempts > 3;
      },
      seen: [
        [150, false],
        [30_000, true],
      ],
    },
    telemetryEndpoint: {
      title: 'where telemetry goes',
      measure: async (options) => {
        const collector = await HttpCollector.start();
        const endpoints = { workspace: undefined, text: collector.url, URL: new URL(collector.url) };
        const endpoint = endpoints[options.telemetryEndpoint as keyof typeof endpoints];
        await session({ telemetryEndpoint: endpoint }, async () => undefined);
        await collector.close();
        return [posts(), collector.requests.length];
      },
      seen: [
        ['workspace', [1, 0]],
        ['text', [0, 1]],
        ['URL', [0, 1]],
      ],
    },
    telemetrySampleRate: {
      title: 'which share of the sessions is sent, and that a failure always is',
      measure: async (options) => {
        const work = async (opened: Session): Promise<void> => {
          await query(opened);
          await failing(opened);
        };
        await session(options, work);
        await until('a request', () => posts() > 0);
        return [statementRows(workspace).length, errorRows(workspace).length];
      },
      seen: [
        [0, [1, 1]],
        [1, [2, 1]],
      ],
    },
    telemetrySlowStatementMs: {
      title: 'from what time on a statement is written down as slow',
      measure: async (options) => {
        const logger = new KeepingLogger();
        const client = await connectTo(workspace, { ...CALM, ...options }, logger);
        const opened = await client.openSession();
        workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 120, times: 1 });
        await query(opened);
        await client.close();
        return logger.lines.filter(({ message }) => message.startsWith('slow statement: ')).length > 0;
      },
      seen: [
        [0, false],
        [100, true],
        [60_000, false],
      ],
    },
    telemetryFile: {
      title: 'whether records are written to a file, of the process where the name says so',
      measure: async (options) => {
        const folder = mkdtempSync(path.join(tmpdir(), 'telemetry-file-'));
        const telemetryFile = options.telemetryFile === '' ? '' : path.join(folder, String(options.telemetryFile));
        await session({ telemetryFile, telemetryEnabled: false }, (opened) => query(opened));
        const written = readdirSync(folder).map((name) => [
          name.replace(String(process.pid), 'pid'),
          readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n').length,
        ]);
        rmSync(folder, { recursive: true });
        return [posts(), written];
      },
      seen: [
        ['', [0, []]],
        ['statements.jsonl', [0, [['statements.jsonl', 3]]]],
        ['%p.jsonl', [0, [['pid.jsonl', 3]]]],
      ],
    },
    telemetrySessionRecords: {
      title: 'how many records sessions alike make',
      measure: async (options) => {
        const client = await connect(options);
        for (let i = 0; i < 3; i += 1) await (await client.openSession()).close();
        await client.close();
        expectAccounted(client.getTelemetryStats());
        return ['CREATE_SESSION', 'DELETE_SESSION'].map(
          (operation) => sessionRows(workspace, operation as 'CREATE_SESSION').length,
        );
      },
      seen: [
        ['each', [3, 3]],
        ['once', [1, 0]],
      ],
    },
    telemetryEndpointToken: {
      title: 'with which token a collector of one’s own is addressed',
      measure: async (options) => {
        const collector = await HttpCollector.start();
        await session({ ...options, telemetryEndpoint: collector.url }, async () => undefined);
        await collector.close();
        return collector.requests.map(({ headers }) => headers.authorization);
      },
      seen: [
        ['one', ['Bearer one']],
        ['two', ['Bearer two']],
      ],
    },
    telemetryServiceName: {
      title: 'what the application calls itself towards a collector',
      measure: async (options) => {
        const collector = await HttpCollector.start();
        await session({ ...options, telemetryEndpoint: collector.base }, async () => undefined);
        await collector.close();
        const [question] = collector.questions;
        return (JSON.parse(question?.body ?? '{}') as { service?: unknown }).service;
      },
      seen: [
        ['checkout', 'checkout'],
        ['pricing', 'pricing'],
      ],
    },
    telemetryCompression: {
      title: 'whether bodies leave compressed to workspace and collector',
      measure: async (options) => {
        const collector = await HttpCollector.start();
        await session(options, (opened) => query(opened));
        await session({ ...options, telemetryEndpoint: collector.url }, (opened) => query(opened));
        await collector.close();
        const toWorkspace = workspace.received.requests({ route: 'telemetry-ext' });
        return [toWorkspace, collector.requests].map(([first]) => first?.headers['content-encoding']);
      },
      seen: [
        ['auto', [undefined, 'gzip']],
        ['gzip', ['gzip', 'gzip']],
        ['NONE', [undefined, undefined]],
      ],
    },
    telemetryDryRun: {
      title: 'whether requests are shown instead of made',
      measure: async (options) => {
        let shown = 0;
        const onPreview = (): void => void (shown += 1);
        const logger = new KeepingLogger();
        const telemetryDryRun = options.telemetryDryRun === 'a function' ? onPreview : options.telemetryDryRun;
        const client = await connectTo(workspace, { ...CALM, telemetryDryRun } as Partial<ConnectionOptions>, logger);
        await client.openSession();
        await client.close();
        const lines = logger.telemetry.filter(({ message }) => message.startsWith('telemetry: dry run: '));
        return [posts(), shown, lines.length];
      },
      seen: [
        [false, [1, 0, 0]],
        [true, [0, 0, 1]],
        ['a function', [0, 1, 0]],
      ],
    },
    telemetryCloseTimeoutMs: {
      title: 'how long close() waits',
      measure: (options) => {
        workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
        return takesASecondToClose(options);
      },
      seen: [
        [0, false],
        [1000, true],
      ],
    },
    telemetryCircuitBreakerThreshold: {
      title: 'failures that open the breaker',
      measure: async (options) => {
        workspace.faults.add({ route: 'telemetry-ext', status: 503 });
        await session({ telemetryMaxRetries: 10, ...options }, async () => undefined);
        return posts();
      },
      seen: [
        [2, 2],
        [4, 4],
      ],
    },
    telemetryCircuitBreakerTimeout: {
      title: 'when an open breaker lets a request through again',
      measure: (options) => {
        workspace.faults.add({ route: 'telemetry-ext', status: 503, times: 1 });
        return session(
          { telemetryCircuitBreakerThreshold: 1, telemetryFlushIntervalMs: 100, ...options },
          async (_, client) => {
            const sent = until('sent', () => pending(client) === 0, 1500);
            await until('refused', () => posts() === 1);
            return (await rejectionOf(sent)) === undefined;
          },
        );
      },
      seen: [
        [10, true],
        [60_000, false],
      ],
    },
    telemetryMaxPendingMetrics: {
      title: 'records that may wait',
      measure: (options) => heldOf(options, 6),
      seen: [
        [2, 2],
        [2000, 7],
      ],
    },
    telemetryMaxPendingBytes: {
      title: 'the size of what may wait',
      measure: async (options) => (await heldOf(options, 6)) < 7,
      seen: [
        [1024, true],
        [4_000_000, false],
      ],
    },
    telemetryMaxRecordAgeMs: {
      title: 'when a record that could not be sent is given up',
      measure: (options) =>
        session(options, async (_, client) => {
          time = new TimeMachine();
          time.advance(10_000);
          await client.flushTelemetry();
          time.restore();
          return client.getTelemetryStats()?.dropped.expired;
        }),
      seen: [
        [1000, 1],
        [HOUR_MS, 0],
      ],
    },
    telemetrySpoolDirectory: {
      title: 'where what could not be sent outlives the process',
      measure: async ({ telemetrySpoolDirectory }) => (await spoolOf({}, telemetrySpoolDirectory !== '')).files,
      seen: [
        ['', 0],
        ['a directory', 1],
      ],
    },
    telemetrySpoolMaxBytes: {
      title: 'how much of it',
      measure: async (options) => (await spoolOf(options)).crowdedOut > 0,
      seen: [
        [65_536, true],
        [16_777_216, false],
      ],
    },
    telemetryMaxErrorsPerStatement: {
      title: 'retryable errors kept with one statement',
      measure: async (options) => {
        await session(options, async (opened, client) => {
          client.getConfig().retryMaxAttempts = 1;
          const operation = await opened.executeStatement('SELECT * FROM range(10)', { maxRows: null });
          workspace.faults.add({ rpc: 'FetchResults', status: 503, times: 4 });
          for (let i = 0; i < 4; i += 1) await rejectionOf(operation.fetchChunk());
          await operation.close();
        });
        return errorRows(workspace).length;
      },
      seen: [
        [2, 2],
        [10, 4],
      ],
    },
    telemetryMaxStatementMetrics: {
      title: 'statements observed at once',
      measure: (options) =>
        session(options, async (opened, client) => {
          for (let i = 0; i < 3; i += 1) await opened.executeStatement('SELECT 1 AS one', { maxRows: null });
          const { inFlightStatements, abandonedStatements } = client.getTelemetryStats() ?? {};
          return [inFlightStatements, abandonedStatements];
        }),
      seen: [
        [1, [1, 2]],
        [5000, [3, 0]],
      ],
    },
    telemetryStatementTtlMs: {
      title: 'when a statement without end is given up',
      measure: (options) =>
        session(options, async (opened, client) => {
          await opened.executeStatement('SELECT 1 AS one', { maxRows: null });
          time = new TimeMachine();
          time.advance(10_000);
          await client.flushTelemetry();
          time.restore();
          return client.getTelemetryStats()?.abandonedStatements;
        }),
      seen: [
        [1000, 1],
        [HOUR_MS, 0],
      ],
    },
    telemetryFlushOnExit: {
      title: 'whether there is a flush when the process is about to end',
      measure: (options) =>
        session(options, async (_, client) => {
          process.emit('beforeExit', 0);
          return (await rejectionOf(until('sent', () => pending(client) === 0, 1500))) === undefined;
        }),
      seen: [
        [true, true],
        [false, false],
      ],
    },
    telemetryFeatureFlagTimeoutMs: {
      title: 'when the question for the flag is given up',
      measure: (options) => {
        workspace.faults.add({ route: 'feature-flags', action: 'hang' });
        return takesASecondToClose({ telemetryCloseTimeoutMs: 1000, ...options });
      },
      seen: [
        [100, false],
        [3000, true],
      ],
    },
  };

  /** Milliseconds between the first request and its retry, without jitter, in steps of 400. */
  async function pauseBeforeRetry(options: TelemetryOptions): Promise<number> {
    random = sinon.stub(systemClock, 'random').returns(0.999);
    workspace.faults.add({ route: 'telemetry-ext', status: 503, times: 1 });
    await session({ telemetryCloseTimeoutMs: 2000, ...options }, async () => undefined);
    const [first, second] = workspace.received.requests({ route: 'telemetry-ext' });
    return Math.floor(((second?.at ?? NaN) - (first?.at ?? NaN) + 10) / 400) * 400;
  }

  /** Records that wait after a session was opened and `statements` statements have ended. */
  async function heldOf(options: TelemetryOptions, statements: number): Promise<number> {
    return (await session(options, async (opened, client) => {
      for (let i = 0; i < statements; i += 1) await query(opened);
      const stats = client.getTelemetryStats();
      expectAccounted(stats);
      expect(droppedOf(stats)).to.equal(stats.dropped.queue_full);
      return stats.pending;
    })) as number;
  }

  /** What is left of a session that could not be sent: files on disk, and records that found no room beside 64 KB. */
  async function spoolOf(
    options: TelemetryOptions,
    isOn = true,
  ): Promise<{ readonly files: number; readonly crowdedOut: number }> {
    const directory = mkdtempSync(path.join(tmpdir(), 'spool-'));
    const othersFile = 'telemetry-0000000000000000-00000000-1-000000000000-1.spool';
    writeFileSync(path.join(directory, othersFile), ' '.repeat(65_000));
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const client = await connect({ ...options, telemetrySpoolDirectory: isOn ? directory : '' });
    const opened = await client.openSession();
    await query(opened);
    await client.close();
    const stats = client.getTelemetryStats();
    expectAccounted(stats);
    const files = readdirSync(directory).length - 1;
    rmSync(directory, { recursive: true });
    return { files, crowdedOut: stats.dropped.queue_full };
  }

  it('there is an experiment for every row of the table, with more than one value', () => {
    expect(Object.keys(experiments)).to.have.members(Object.keys(TELEMETRY_OPTIONS));
    for (const { seen } of Object.values(experiments)) expect(seen.length).to.be.greaterThan(1);
  });

  for (const [name, { title, measure, seen }] of Object.entries(experiments)) {
    for (const [value, result] of seen) {
      const test = it(`${name} = ${String(value)}: ${title}`, async () => {
        expect(await measure({ [name]: value })).to.deep.equal(result);
      });
      // That of a time measures time.
      if (isTime(name as OptionName)) test.retries(2);
    }
  }
});
