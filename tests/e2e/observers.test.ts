import diagnostics from 'node:diagnostics_channel';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  DBSQLClient,
  TelemetryEventType,
  type ClientOptions,
  type ConnectionOptions,
} from 'databricks-sql-telemetry';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';
import { KeepingLogger, type Session } from './support/application';
import { statementRows } from './support/telemetry';
import { timesApart } from './support/time';
import { startFreshWorkspace } from './support/workspace';

/** Options of each level, and the environment. */
interface Levels {
  readonly environment?: Readonly<Record<string, string>>;
  readonly ofClient?: object;
  readonly ofConnection?: object;
  readonly ofSession?: object;
  readonly ofStatement?: object;
}

/** Somebody who is told of statements: how many so far. */
interface Observer {
  readonly options?: ClientOptions;
  listen?(client: DBSQLClient): void;
  heard(): number;
  stop?(): void;
}

const OBSERVERS: Readonly<Record<string, () => Observer>> = {
  'an exporter': () => {
    let statements = 0;
    const exporter = new CallbackExporter(({ kind }) => void (statements += kind === 'statement' ? 1 : 0));
    return { options: { telemetryExporters: [exporter] }, heard: () => statements };
  },
  'a channel': () => {
    let statements = 0;
    const name = 'tracing:databricks-sql:statement:asyncEnd';
    const subscriber = (): void => void (statements += 1);
    diagnostics.subscribe(name, subscriber);
    return { heard: () => statements, stop: () => void diagnostics.unsubscribe(name, subscriber) };
  },
  'an instrumentation': () => {
    const exporter = new InMemorySpanExporter();
    const instrumentation = new DatabricksSqlInstrumentation();
    instrumentation.setTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    const spans = () => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT);
    return { heard: () => spans().length, stop: () => instrumentation.disable() };
  },
  'a slow-statement log': () => {
    const logger = new KeepingLogger();
    const lines = () => logger.lines.filter(({ message }) => /^slow statement: .* delivered/.test(message));
    return { options: { telemetrySlowStatementMs: 1, logger }, heard: () => lines().length };
  },
  'a callback for slow statements': () => {
    let statements = 0;
    const onSlowStatement = (): void => void (statements += 1);
    return { options: { telemetrySlowStatementMs: 1, onSlowStatement }, heard: () => statements };
  },
  'a listener': () => {
    let statements = 0;
    return {
      listen: ({ telemetryEvents }) =>
        telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, () => void (statements += 1)),
      heard: () => statements,
    };
  },
};

const ON = { telemetryEnabled: true };
const NO = { telemetryEnabled: false };
/** Ways in which nothing may be sent. */
const UNSENT: Readonly<Record<string, Levels>> = {
  'by default': {},
  'by the client': { ofClient: NO, ofConnection: ON },
  'by connect()': { ofClient: ON, ofConnection: NO },
  'by DO_NOT_TRACK': { ofClient: ON, environment: { DO_NOT_TRACK: '1' } },
  'by DATABRICKS_TELEMETRY_DISABLED': { ofClient: ON, environment: { DATABRICKS_TELEMETRY_DISABLED: 'true' } },
  'by DATABRICKS_TELEMETRY_ENABLED=false': { ofClient: ON, environment: { DATABRICKS_TELEMETRY_ENABLED: 'false' } },
};
/** Ways in which no statement may be sent, while its connection is. */
const UNSENT_STATEMENT: Readonly<Record<string, Levels>> = {
  'by its session': { ofClient: ON, ofSession: NO },
  'by itself': { ofClient: ON, ofStatement: NO },
};
const HIDDEN = { telemetryObserve: false };
const UNSEEN: Readonly<Record<string, Levels>> = {
  'its client': { ofClient: { ...ON, ...HIDDEN } },
  'its connection': { ofClient: ON, ofConnection: HIDDEN },
  'its session': { ofClient: ON, ofSession: HIDDEN },
  itself: { ofClient: ON, ofStatement: HIDDEN },
};

describe('whoever observes statements in the process', () => {
  // The log writes few lines a minute.
  timesApart(60_000);
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  beforeEach(() => workspace.received.clear());
  after(() => workspace.close());

  /** Runs a statement that is slow enough for a threshold of 1 ms; how often the observer heard of it. */
  async function heardOf(make: () => Observer, levels: Levels): Promise<number> {
    const { environment = {}, ofClient, ofConnection, ofSession, ofStatement } = levels;
    Object.assign(process.env, environment);
    const observer = make();
    try {
      const client = new DBSQLClient({ logger: new KeepingLogger(), ...observer.options, ...ofClient });
      observer.listen?.(client);
      workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 5, times: 1 });
      await client.connect({ ...workspace.connectionOptions, ...ofConnection } as ConnectionOptions);
      const session = (await client.openSession(ofSession)) as Session;
      const operation = await session.executeStatement('SELECT 1 AS one', ofStatement);
      await operation.fetchAll();
      await operation.close();
      await client.close();
      return observer.heard();
    } finally {
      observer.stop?.();
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    }
  }

  for (const [who, make] of Object.entries(OBSERVERS)) {
    for (const [how, levels] of Object.entries(UNSENT)) {
      it(`${who} hears of a statement that is not sent ${how}, and the workspace gets no request but the driver's`, async () => {
        expect(await heardOf(make, levels)).to.equal(1);
        expect([...new Set(workspace.received.requests().map(({ route }) => route))]).to.deep.equal(['thrift']);
      });
    }

    for (const [how, levels] of Object.entries(UNSENT_STATEMENT)) {
      it(`${who} hears of a statement that is kept from the workspace ${how}`, async () => {
        expect(await heardOf(make, levels)).to.equal(1);
        expect(statementRows(workspace)).to.deep.equal([]);
      });
    }

    for (const [by, levels] of Object.entries(UNSEEN)) {
      it(`${who} hears nothing of a statement that ${by} hides, nor does the workspace`, async () => {
        expect(await heardOf(make, levels)).to.equal(0);
        expect(statementRows(workspace)).to.deep.equal([]);
      });
    }
  }
});
