import * as stable from '@opentelemetry/semantic-conventions';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';
import { connectTo, query, type Session } from '../support/application';
import { Tracing } from '../support/tracing';
import { rejectionOf } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const conventions: Record<string, unknown> = { ...stable };
const STABLE = new Set(
  Object.keys(conventions).flatMap((key) => (/^(ATTR|METRIC)_/.test(key) ? conventions[key] : [])),
);
/** What an attribute is by the conventions, where it is not a text. */
const NUMBERS = ['server.port', 'db.response.returned_rows'];
const UNITS = /^(s|By|\{[a-z]+\})$/;

describe('what OpenTelemetry is told', () => {
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 } });
    const everything = {
      returnedRows: true,
      statementText: true,
      errorMessages: true,
      fileSpans: true,
      queryTags: true,
    };
    tracing = await Tracing.start([new DatabricksSqlInstrumentation(everything)]);
  });

  afterEach(async () => {
    await tracing.stop();
    await workspace.close();
  });

  /** Something of everything. */
  async function work(): Promise<void> {
    workspace.faults.add({ route: 'cloudfetch', times: 1, status: 503 });
    const client = await connectTo(workspace, { telemetryStatementText: true });
    const session = (await client.openSession({ initialCatalog: 'main', initialSchema: 'default' })) as Session;
    await query(session, 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(100000)');
    await rejectionOf(query(session, 'SELECT * FROM no_such_table'));
    await (await session.executeStatement('SELECT 1', { maxRows: null })).cancel();
    await (await session.getTables({ catalogName: 'main' })).fetchAll();
    await client.close();
  }

  it('is named and typed as the semantic conventions say, and what they do not name begins with databricks.', async () => {
    await work();
    const spans = await tracing.ours();
    const points = (await tracing.points()).filter(({ metric }) => !metric.startsWith('http.'));
    expect(spans.length).to.be.greaterThan(10);
    expect(new Set(points.map(({ metric }) => metric)).size).to.equal(11);
    const isKnown = (name: string): boolean =>
      STABLE.has(name) || name.startsWith('databricks.') || /^db\.(client\.)?response\.returned_rows$/.test(name);
    for (const { attributes } of [...spans, ...points]) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(isKnown(name), name).to.equal(true);
        if (STABLE.has(name)) expect(typeof value, name).to.equal(NUMBERS.includes(name) ? 'number' : 'string');
      }
    }
    for (const { metric, unit } of points) {
      expect(isKnown(metric), metric).to.equal(true);
      expect(unit, metric).to.match(UNITS);
    }
    for (const { attributes } of spans.filter(({ status }) => status === 2)) {
      expect(attributes).to.have.property('error.type');
    }
  });
});
