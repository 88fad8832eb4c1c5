import { startLocalWorkspace, type LocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import { CollectorError, type CollectorOptions } from 'databricks-telemetry-collector';
import { testCollector, until, type TestCollector } from '../testCollector';

const FLAGS = '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0';

/** What a sender of `checkout` is told. */
async function told({ collector }: TestCollector): Promise<{ enabled: boolean; sampleRate: number }> {
  const response = await fetch(`${collector.address}${FLAGS}?service=checkout`);
  return ((await response.json()) as { configuration: { enabled: boolean; sampleRate: number } }).configuration;
}

/** A few seconds, on a machine that does nothing else. */
const PATIENT_MS = 60_000;

describe('two collectors on one warehouse, and the rules for senders', function () {
  this.timeout(180_000);
  let workspace: LocalWorkspace;
  let options: CollectorOptions;
  let first: TestCollector;
  let second: TestCollector;

  before(async () => {
    workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    options = { store: 'databricks', databricks };
    // One of them has rules from when it kept its statements by itself.
    first = await testCollector();
    await first.client.setRule({ scope: 'service', name: 'checkout', sampleRate: 0.5, by: 'Jane' });
    first = await first.restart(options);
    second = await testCollector(options);
  });
  after(async () => {
    await first.end();
    await second.end();
    await workspace.close();
  });

  it('both tell senders the same, whichever was told, and the one who set it', async () => {
    await until(
      async () => [await told(first), await told(second)],
      (answers) => answers.every(({ sampleRate }) => sampleRate === 0.5),
      PATIENT_MS,
    );
    await second.client.setRule({ scope: 'service', name: 'checkout', enabled: false, by: 'John' });
    expect((await told(second)).enabled).to.equal(false);
    await until(
      () => told(first),
      ({ enabled }) => !enabled,
      PATIENT_MS,
    );
    const { rules, audit } = await first.client.configuration();
    expect(rules.map(({ name, by }) => [name, by])).to.deep.equal([['checkout', 'John']]);
    expect(audit.map(({ by }) => by)).to.deep.equal(['John', 'Jane']);
    expect(await second.client.configuration()).to.deep.include({ rules, audit });
    await first.client.removeRule('service', 'checkout');
    await until(
      () => told(second),
      ({ enabled }) => enabled,
      PATIENT_MS,
    );
  });

  it('while the warehouse is away a rule is refused, and senders are told what was in force', async () => {
    await first.client.setRule({ scope: 'all', sampleRate: 0.25 });
    await until(() => told(second), ({ sampleRate }) => sampleRate === 0.25, PATIENT_MS); // prettier-ignore
    await workspace.close();
    const change = first.client.setRule({ scope: 'all', enabled: false });
    const refused = await change.catch((error: unknown) => error);
    expect(refused instanceof CollectorError && refused.code).to.equal('store_away');
    expect(await told(first)).to.include({ enabled: true, sampleRate: 0.25 });
    second = await second.restart();
    expect(await told(second)).to.include({ enabled: true, sampleRate: 0.25 });
  });
});
