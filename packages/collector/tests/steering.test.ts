import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError, startCollector, type CollectorClient } from 'databricks-telemetry-collector';
import { testCollector, type TestCollector } from './testCollector';

interface Answer {
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  readonly configuration: Record<string, unknown>;
}

const FLAGS = '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0';

describe('steering', () => {
  let test: TestCollector;
  let client: CollectorClient;
  beforeEach(async () => {
    test = await testCollector();
    ({ client } = test);
  });
  afterEach(() => test.end());

  const ask = async (query = '', init: RequestInit = {}): Promise<Answer> =>
    (await (await fetch(`${test.collector.address}${FLAGS}${query}`, init)).json()) as Answer;

  it('switches one service off, and leaves the others alone', async () => {
    await client.setRule({ scope: 'service', name: 'checkout', enabled: false, by: 'Jane' });
    const off = await ask('?service=checkout');
    expect(off.flags.every(({ value }) => value === 'false')).to.equal(true);
    expect(off.configuration).to.deep.include({ enabled: false, decidedBy: ['service checkout'], ttlSeconds: 60 });
    expect((await ask('?service=pricing')).configuration).to.deep.include({ enabled: true, decidedBy: [] });
    const agent = { 'user-agent': 'NodejsDatabricksSqlConnector/2.1.0 (checkout; Node.js 20.20.2; Linux)' };
    expect((await ask('', { headers: agent })).configuration).to.include({ enabled: false });
  });

  it('the strictest rule wins, whatever the order', async () => {
    await client.setRule({ scope: 'all', sampleRate: 0.5, level: 'INFO' });
    await client.setRule({ scope: 'host', name: 'H.Example', level: 'ERROR' });
    await client.setRule({ scope: 'service', name: 'checkout', sampleRate: 0.1, enabled: true, level: 'TRACE' });
    expect((await ask('?service=checkout&host=h.example')).configuration).to.deep.include({
      enabled: true,
      level: 'ERROR',
      sampleRate: 0.1,
      decidedBy: ['all', 'host h.example', 'service checkout'],
    });
    await client.setRule({ scope: 'all', enabled: false });
    expect((await ask('?service=checkout')).configuration).to.include({ enabled: false });
  });

  it('knows a host however it is spelled, in a rule and in a question', async () => {
    for (const name of ['https://H.example/', 'h.example:443', 'h.example.']) {
      await client.setRule({ scope: 'host', name, enabled: false });
    }
    expect((await client.configuration()).rules.map(({ name }) => name)).to.deep.equal(['h.example']);
    for (const host of ['h.example', 'https://h.example', 'H.EXAMPLE:443']) {
      expect((await ask(`?host=${encodeURIComponent(host)}`)).configuration, host).to.include({ enabled: false });
    }
    await client.removeRule('host', 'https://h.example');
    expect((await client.configuration()).rules).to.deep.equal([]);
  });

  it('keeps rules and their history over a restart', async () => {
    await client.setRule({ scope: 'service', name: 'checkout', enabled: false, by: 'Jane' });
    await client.setRule({ scope: 'service', name: 'checkout', sampleRate: 0.01, by: 'John' });
    await client.removeRule('service', 'checkout', 'Jürgen Łoś');
    await client.setRule({ scope: 'all', level: 'WARN', by: 'Bearer abcdefghijklmnop1234' });
    test = await test.restart();
    const { rules, audit } = await test.client.configuration();
    expect(rules.map(({ scope, set }) => [scope, set.level])).to.deep.equal([['all', 'WARN']]);
    expect(audit.map(({ scope, by, set }) => [scope, by, set?.sampleRate ?? null])).to.deep.equal([
      ['all', 'someone with a steering token', null],
      ['service', 'Jürgen Łoś', null],
      ['service', 'John', 0.01],
      ['service', 'Jane', null],
    ]);
    expect(audit[1]?.set).to.equal(null);
  });

  it('shows who asked, with the options that are in effect and no value that could be a secret', async () => {
    await ask('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        service: 'checkout',
        processId: 'p-1',
        libraryVersion: '0.2.0',
        options: {
          telemetryEnabled: { value: true, setBy: 'constructor' },
          telemetryEndpointToken: { value: 'Bearer abcdefghijklmnop1234', setBy: 'env' },
          telemetryFile: { value: '/home/jane/x', setBy: 'env' },
          'odd name': true,
        },
      }),
    });
    const { senders } = await client.configuration();
    expect(senders).to.have.lengthOf(1);
    expect(senders[0]).to.deep.include({ processId: 'p-1', service: 'checkout', library: '0.2.0', client: 'NODEJS' });
    expect(senders[0]?.options).to.deep.equal([
      { name: 'telemetryEnabled', value: true, setBy: 'constructor' },
      { name: 'telemetryEndpointToken', value: null, setBy: 'env' },
      { name: 'telemetryFile', value: null, setBy: 'env' },
    ]);
    expect(senders[0]?.inForce.enabled).to.equal(true);
  });

  const introduce = (body: object): Promise<Answer> =>
    ask('', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('shows what each process says became of its records, summed over the hosts that it sends for', async () => {
    const counts = { collected: 100, delivered: 80, rejected: 1, sampled: 4, pending: 5 };
    const account = { ...counts, dropped: { queue_full: 7, breaker_open: 3 } };
    await introduce({ service: 'checkout', processId: 'p-1', host: 'a.example', account });
    await introduce({ service: 'checkout', processId: 'p-1', host: 'b.example', account });
    await introduce({ service: 'checkout', processId: 'p-1', host: 'b.example', account: { ...account, pending: 6 } });
    const { senders } = await client.configuration();
    expect(senders.map((sender) => sender.account)).to.deep.equal([
      {
        ...{ collected: 200, delivered: 160, rejected: 2, sampled: 8, pending: 11 },
        dropped: [
          { reason: 'queue_full', count: 14 },
          { reason: 'breaker_open', count: 6 },
        ],
      },
    ]);
  });

  it('takes nothing for an account but counts, and no reason that is more than a word', async () => {
    await introduce({ service: 'a', processId: 'a', account: 'all' });
    const dropped = { 'a secret <b>': 4, queue_full: -1, closed: 2.5, timeout: 1 };
    await introduce({
      service: 'b',
      processId: 'b',
      account: { collected: '7', delivered: 1e300, pending: 2, dropped },
    });
    const { senders } = await client.configuration();
    const accountOf = (name: string): unknown => senders.find(({ service }) => service === name)?.account;
    expect(accountOf('a')).to.equal(null);
    expect(accountOf('b')).to.deep.equal({
      ...{ collected: 0, delivered: 0, rejected: 0, sampled: 0, pending: 2 },
      dropped: [{ reason: 'timeout', count: 1 }],
    });
  });

  it('does not start on rules that a newer release wrote', async () => {
    await client.setRule({ scope: 'all', enabled: false });
    await test.collector.close();
    const file = join(test.data, 'configuration.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"version": 1', '"version": 9'));
    const error: unknown = await startCollector({ port: 0, data: test.data }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal(
      'The configuration has version 9; this release reads up to 1. Use a newer release of the collector.',
    );
  });

  it('does not start on rules that are damaged, and names their file', async () => {
    await client.setRule({ scope: 'all', enabled: false });
    await test.collector.close();
    const file = join(test.data, 'configuration.json');
    for (const text of ['', '{"version": 1, "rules": [', 'null', '[]', '{"version": 1}']) {
      writeFileSync(file, text);
      const error: unknown = await startCollector({ port: 0, data: test.data }).catch((thrown: unknown) => thrown);
      expect((error as Error).message, text).to.equal(
        `${file} is damaged: restore it, or remove it and set its rules again.`,
      );
    }
  });
});

describe('a rule that limits', () => {
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
  });
  after(() => test.end());

  for (const [what, change] of [
    ['a switch that is no boolean', { scope: 'all', enabled: 'false' }],
    ['a rate beyond 1', { scope: 'all', sampleRate: 2 }],
    ['an unknown level', { scope: 'all', level: 'none' }],
    ['nothing', { scope: 'all' }],
    ['a service without a name', { scope: 'service', enabled: false }],
    ['an unknown scope', { scope: 'everyone', enabled: false }],
    ['a name that it does not know', { scope: 'service', name: 'checkout', enabeld: false, sampleRate: 1 }],
    ['everything under the name of one', { scope: 'all', name: 'checkout', enabled: false }],
    ['a host that is none', { scope: 'host', name: 'https://h.example/path', enabled: false }],
  ] as const) {
    it(`is refused with ${what}: what limits fails closed`, async () => {
      const refused = await test.client.setRule(change as never).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(CollectorError);
      expect((refused as CollectorError).status).to.equal(400);
      expect((await test.client.configuration()).rules).to.deep.equal([]);
    });
  }
});
