import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  TelemetryEventType,
  type ConnectionOptions,
  type TelemetryEvent,
} from 'databricks-sql-telemetry';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { query, type Session } from './support/application';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const DOCUMENT = readFileSync(path.resolve(__dirname, '../../docs/TELEMETRY.md'), 'utf8');
const EXPLAINED = readFileSync(path.resolve(__dirname, '../../docs/TROUBLESHOOTING.md'), 'utf8');
const TOKEN = 'dapi0123456789abcdef0123456789abcdef';
const LARGE = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(60000)';

/** A line of a table of the document, by what stands in its first cell. */
function documented(first: string): string {
  const line = DOCUMENT.split('\n').find((candidate) => candidate.startsWith(`| ${first} `));
  if (line === undefined) throw new Error(`no line about ${first}`);
  return line;
}

/** The words in backticks of the last cell, but for those within parentheses. */
function namesIn(first: string): string[] {
  const cells = documented(first).split('|');
  const text = (cells[cells.length - 2] ?? '').replace(/\([^)]*\)/g, '');
  return [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
}

/** First cells of the table under `heading`. */
function rowsUnder(heading: string): string[] {
  const [, rest = ''] = DOCUMENT.split(`| ${heading} `);
  const [table = ''] = rest.split('\n\n');
  return [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? '');
}

describe('what an application is told, with several statements in flight', () => {
  let workspace: LocalWorkspace;
  const told: Array<readonly [what: string, value: object]> = [];
  const events: TelemetryEvent[] = [];

  /** One that reads files, one that fails, one that is cancelled, one of the catalogue, one left open. */
  async function work(session: Session): Promise<void> {
    const open = await session.executeStatement('SELECT 1', { maxRows: null });
    await Promise.all([
      query(session, LARGE),
      rejectionOf(query(session, 'SELECT * FROM no_such_table')),
      session.getCatalogs().then((operation) => operation.fetchAll()),
      session.executeStatement(LARGE, { maxRows: null }).then((operation) => operation.cancel()),
    ]);
    await open.fetchAll();
  }

  before(async () => {
    workspace = await startFreshWorkspace({
      tokens: [TOKEN],
      cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 },
    });
    const exporter = new CallbackExporter((record) => void told.push([`record of ${record.kind}`, record]));
    const client = new DBSQLClient({ logger: { log: () => undefined }, telemetryExporters: [exporter] });
    for (const type of Object.values(TelemetryEventType)) {
      client.telemetryEvents.on(type, (event) => {
        events.push(event);
        told.push([`event ${event.eventType}`, event]);
        if ('summary' in event && event.summary !== undefined) told.push(['summary', event.summary]);
        const [stats, explanation] = [client.getTelemetryStats(), client.explainTelemetry()];
        if (stats !== undefined) told.push(['stats', stats]);
        told.push(['explanation', explanation]);
      });
    }
    const options = { telemetryEnabled: true, telemetryBatchSize: -1 };
    await client.connect({ ...workspace.connectionOptions, ...options } as ConnectionOptions);
    const session = await client.openSession();
    await work(session);
    await session.close();
    await client.close();
    const stats = client.getTelemetryStats();
    if (stats !== undefined) told.push(['stats', stats]);
    told.push(['explanation', client.explainTelemetry()]);
  });
  after(() => workspace.close());

  it('is every kind of event, of record, summaries, statistics and explanations', () => {
    expect(new Set(told.map(([what]) => what))).to.deep.equal(
      new Set([
        ...Object.values(TelemetryEventType).map((type) => `event ${type}`),
        ...['record of connection', 'record of statement', 'record of error'],
        ...['summary', 'stats', 'explanation'],
      ]),
    );
  });

  it('can be printed, serialised, spread and cloned without loss, and holds no token and no bookkeeping', () => {
    for (const [what, value] of told) {
      const printed = inspect(value, { depth: Infinity, showHidden: false, getters: true });
      expect(printed, what).to.not.match(/\[Getter|\[Circular|\[Function|Symbol\(|\[class |sinceMs|hasFailureState/);
      const text = JSON.stringify(value);
      for (const shown of [printed, text, inspect(value, { depth: Infinity, showHidden: true })]) {
        expect(shown, what).to.not.include(TOKEN);
      }
      const known = Object.entries(value).filter(([, item]) => item !== undefined);
      expect(Object.keys(JSON.parse(text) as object), what).to.have.members(known.map(([name]) => name));
      expect({ ...value }, what).to.deep.equal(value);
      expect(structuredClone(value), what).to.deep.equal(value);
      expect(Object.getPrototypeOf(value), what).to.equal(Object.prototype);
    }
  });

  it('has the properties of each event that the document names, and no other', () => {
    for (const event of events) {
      const names = [...namesIn('each of them'), ...namesIn(`\`${event.eventType}\``)];
      expect(Object.keys(event), event.eventType).to.have.members(names);
    }
    for (const event of events) {
      if ('error' in event)
        expect(documented('`error`')).to.include(
          Object.keys(event.error)
            .map((name) => `\`${name}\``)
            .join(', '),
        );
    }
  });

  it('has the statistics and the facts of a statement that the document names, each figure once', () => {
    const summaries = told.flatMap(([what, value]) => (what === 'summary' ? [value] : []));
    const stats = told.flatMap(([what, value]) => (what === 'stats' ? [value] : []));
    for (const summary of summaries) expect(Object.keys(summary)).to.have.members(rowsUnder('property'));
    for (const one of stats) expect(Object.keys(one)).to.have.members(rowsUnder('statistic'));
  });

  it('has in an explanation what the document names, flag and destination included', () => {
    const explanations = told.flatMap(([what, value]) => (what === 'explanation' ? [value] : []));
    const last = explanations.at(-1) as Record<string, object>;
    for (const part of [last, last['flag'], last['destination'], last['failures']])
      for (const name of Object.keys(part ?? {})) expect(EXPLAINED, name).to.include(`\`${name}\``);
    for (const explanation of explanations) expect(Object.keys(explanation)).to.deep.equal(Object.keys(last));
  });
});
