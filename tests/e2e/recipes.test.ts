import { Writable } from 'node:stream';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { CallbackExporter, DBSQLClient, type ConnectionOptions, type ExportedRecord } from 'databricks-sql-telemetry';
import { pino } from 'pino';
import { createLogger, format, transports } from 'winston';
import { KeepingLogger, query, type Session } from './support/application';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

/** What a logger writes, one object a line. */
class Lines extends Writable {
  private text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }

  get all(): Record<string, unknown>[] {
    return this.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

describe('recipes for loggers', () => {
  let workspace: LocalWorkspace;
  before(async () => {
    workspace = await startFreshWorkspace();
  });
  after(() => workspace.close());

  /** Runs a query that works and one that fails, with `onRecord` told of both. */
  async function work(onRecord: (record: ExportedRecord) => void): Promise<void> {
    const telemetryExporters = [new CallbackExporter(onRecord)];
    const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters });
    await client.connect(workspace.connectionOptions as ConnectionOptions);
    const session = (await client.openSession()) as Session;
    await query(session);
    await rejectionOf(query(session, 'SELECT * FROM no_such_table'));
    await client.close();
  }

  const EXPECTED = [
    { kind: 'statement', outcome: 'delivered', rowCount: 1 },
    { kind: 'statement', outcome: 'failed' },
    { kind: 'error', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' },
  ];

  function expectLines(lines: readonly Record<string, unknown>[], levels: readonly unknown[]): void {
    expect(lines).to.have.length(5);
    EXPECTED.forEach((expected, index) => {
      const [line, ...others] = lines.filter((each) =>
        Object.entries(expected).every(([name, value]) => each[name] === value),
      );
      expect(others, JSON.stringify(expected)).to.have.length(0);
      expect(line?.['level']).to.equal(levels[index]);
    });
  }

  it('pino gets a line for each record, with the level of its severity', async () => {
    const lines = new Lines();
    const logger = pino({ level: 'debug' }, lines);
    await work((record) => {
      const { level, ...fields } = record;
      if (level === 'INFO') logger.debug(fields, record.kind);
      else if (level === 'WARN') logger.warn(fields, record.kind);
      else logger.error(fields, record.kind);
    });
    expectLines(lines.all, [20, 40, 50]);
  });

  it('winston gets a line for each record, with the level of its severity', async () => {
    const lines = new Lines();
    const logger = createLogger({
      level: 'debug',
      format: format.json(),
      transports: [new transports.Stream({ stream: lines })],
    });
    await work((record) => {
      const { level, ...fields } = record;
      logger.log(level === 'WARN' ? 'warn' : level === 'INFO' ? 'debug' : 'error', { ...fields, message: record.kind });
    });
    expectLines(lines.all, ['debug', 'warn', 'error']);
  });
});
