import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type TelemetryStats } from 'databricks-sql-telemetry';
import { query } from './support/application';
import { HttpCollector } from './support/HttpCollector';
import { startFreshWorkspace } from './support/workspace';

const ENABLED = 'DATABRICKS_TELEMETRY_ENABLED';
const ENDPOINT = 'DATABRICKS_TELEMETRY_ENDPOINT';
const RATE = 'DATABRICKS_TELEMETRY_SAMPLE_RATE';

describe('an application that knows nothing of telemetry', () => {
  let workspace: LocalWorkspace;
  let collector: HttpCollector;
  beforeEach(async () => {
    [workspace, collector] = await Promise.all([startFreshWorkspace(), HttpCollector.start()]);
  });
  afterEach(async () => {
    for (const name of [ENABLED, ENDPOINT, RATE]) Reflect.deleteProperty(process.env, name);
    await Promise.all([workspace.close(), collector.close()]);
  });

  async function run(environment: Readonly<Record<string, string>>): Promise<TelemetryStats | undefined> {
    Object.assign(process.env, environment);
    const client = new DBSQLClient({ logger: { log: () => undefined } });
    await client.connect(workspace.connectionOptions);
    const session = await client.openSession();
    await query(session);
    await session.close();
    await client.close();
    return client.getTelemetryStats();
  }

  it('reports to the collector that its environment names, which learns who has set what', async () => {
    collector.configuration = { enabled: true, local: 1 };
    const stats = await run({ [ENABLED]: 'true', [ENDPOINT]: collector.base });
    expect(stats).to.include({ collected: 3, delivered: 3, pending: 0 });
    expect(collector.logs).to.have.lengthOf(3);
    const [question] = collector.questions;
    const { options } = JSON.parse(question?.body ?? '') as { options: Record<string, unknown> };
    expect(options['telemetryEnabled']).to.deep.equal({ value: true, setBy: 'environment' });
    expect(options['telemetryEndpoint']).to.deep.equal({ value: null, setBy: 'environment' });
    expect(options['telemetrySampleRate']).to.deep.equal({ value: 1, setBy: 'default' });
  });

  it('reports nothing, and says which variable is why, when one of them cannot be read', async () => {
    const stats = await run({ [ENABLED]: 'true', [ENDPOINT]: collector.base, [RATE]: 'some' });
    expect(collector.questions.length + collector.logs.length).to.equal(0);
    expect(stats?.problems).to.deep.equal([
      { option: 'telemetrySampleRate', given: 'string', done: 'nothing leaves', variable: RATE },
    ]);
  });

  it('reports nothing without them', async () => {
    expect(await run({})).to.equal(undefined);
  });
});
