import diagnostics from 'node:diagnostics_channel';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { expectAccounted } from '../support/accounts';
import { connectTo, KeepingLogger, query, type Session } from '../support/application';
import { errorRows, sessionRows, statementRows } from '../support/telemetry';
import { rejectionOf, until } from '../support/waiting';
import { CALM, failing, type Experiments, type Laboratory } from './Laboratory';

/** Options that say what leaves. */
export const whatLeaves = (lab: Laboratory): Experiments => ({
  telemetryEnabled: {
    title: 'whether there is telemetry at all',
    measure: (options) => lab.session(options, async (_, client) => client.getTelemetryStats() !== undefined),
    seen: [
      [true, true],
      [false, false],
    ],
  },
  telemetryObserve: {
    title: 'whether anybody is told',
    measure: (options) => lab.session(options, async (_, client) => client.getTelemetryStats() !== undefined),
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
        await lab.session(options, (opened) => query(opened, 'SELECT 42'));
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
      await lab.session(options, async () => undefined);
      return lab.workspace.received.telemetryRequests().map(({ authenticated }) => authenticated);
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
      await lab.session({}, async () => undefined);
      const refused = { ...CALM, ...options, token: 'dapi-wrong' } as Partial<ConnectionOptions>;
      const client = await connectTo(lab.workspace, refused);
      await rejectionOf(client.openSession());
      await client.close();
      return lab.workspace.received.telemetryRequests().map(({ authenticated }) => authenticated);
    },
    seen: [
      [true, [true, false]],
      [false, [true]],
    ],
  },
  telemetryLogLevel: {
    title: 'how severe a record must be',
    measure: async (options) => {
      await lab.session(options, async (opened) => {
        await query(opened);
        await failing(opened);
      });
      return [statementRows(lab.workspace).length, errorRows(lab.workspace).length];
    },
    seen: [
      ['INFO', [2, 1]],
      ['warn', [1, 1]],
      ['ERROR', [0, 1]],
      [0, [0, 0]],
    ],
  },
  telemetrySampleRate: {
    title: 'which share of the sessions is sent, and that a failure always is',
    measure: async (options) => {
      const work = async (opened: Session): Promise<void> => {
        await query(opened);
        await failing(opened);
      };
      await lab.session(options, work);
      await until('a request', () => lab.posts() > 0);
      return [statementRows(lab.workspace).length, errorRows(lab.workspace).length];
    },
    seen: [
      [0, [1, 1]],
      [1, [2, 1]],
    ],
  },
  telemetrySessionRecords: {
    title: 'how many records sessions alike make',
    measure: async (options) => {
      const client = await lab.connect(options);
      for (let i = 0; i < 3; i += 1) await (await client.openSession()).close();
      await client.close();
      expectAccounted(client.getTelemetryStats());
      return ['CREATE_SESSION', 'DELETE_SESSION'].map(
        (operation) => sessionRows(lab.workspace, operation as 'CREATE_SESSION').length,
      );
    },
    seen: [
      ['each', [3, 3]],
      ['once', [1, 0]],
    ],
  },
  telemetryDryRun: {
    title: 'whether requests are shown instead of made',
    measure: async (options) => {
      let shown = 0;
      const onPreview = (): void => void (shown += 1);
      const logger = new KeepingLogger();
      const telemetryDryRun = options.telemetryDryRun === 'a function' ? onPreview : options.telemetryDryRun;
      const client = await connectTo(lab.workspace, { ...CALM, telemetryDryRun } as Partial<ConnectionOptions>, logger);
      await client.openSession();
      await client.close();
      const lines = logger.telemetry.filter(({ message }) => message.startsWith('telemetry: dry run: '));
      return [lab.posts(), shown, lines.length];
    },
    seen: [
      [false, [1, 0, 0]],
      [true, [0, 0, 1]],
      ['a function', [0, 1, 0]],
    ],
  },
  telemetrySlowStatementMs: {
    title: 'from what time on a statement is written down as slow',
    measure: async (options) => {
      const logger = new KeepingLogger();
      const client = await connectTo(lab.workspace, { ...CALM, ...options }, logger);
      const opened = await client.openSession();
      lab.workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 120, times: 1 });
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
});
