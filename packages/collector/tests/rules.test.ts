import { expect } from 'chai';
import { sessionLog, statementLog } from './logs';
import { deliver, filesWith, loaded, post, testCollector, type TestCollector, type Verdict } from './testCollector';

describe('the rules for logs', () => {
  let test: TestCollector;
  before(async () => (test = await testCollector()));
  after(() => test.end());

  it('refuse by name what is too large, has no id, no time or no entry of a driver', async () => {
    const whole = statementLog() as Record<string, unknown>;
    const without = (name: string, value: unknown = undefined): object => ({ ...whole, [name]: value });
    const logs = [
      without('padding', 'x'.repeat(65_536)),
      without('frontend_log_event_id'),
      without('context', { client_context: { timestamp_millis: 'noon' } }),
      without('entry', {}),
      without('entry', { sql_driver_log: [] }),
      whole,
    ];
    const { errors, numProtoSuccess } = (await (await post(test.collector.address, logs)).json()) as Verdict;
    expect(errors).to.deep.equal([
      'log 0: is too large',
      'log 1: frontend_log_event_id is required',
      'log 2: context.client_context.timestamp_millis is no time',
      'log 3: entry.sql_driver_log is required',
      'log 4: entry.sql_driver_log is required',
    ]);
    expect(numProtoSuccess).to.equal(1);
  });

  it('keep no name that looks like a credential, anywhere', async () => {
    const secrets = [
      'dapi0123456789abcdef',
      'job dkea0123456789',
      'eyJhbGciOiJIUzI1NiJ9',
      'Bearer 0123456789abcdef',
      'app password=canary',
      'API_KEY: canary',
    ];
    const before = (await test.client.health({ from: 0 })).accepted;
    const logs = secrets.flatMap((service, i) => [
      sessionLog({ sessionId: `of-${i}`, service }),
      statementLog({ sessionId: `of-${i}`, local: { service } }),
    ]);
    await deliver(test.collector.address, logs);
    await loaded(test.client, before + logs.length);
    const { invalidFields } = await test.client.health({ from: 0 });
    expect(invalidFields).to.include.deep.members([
      { name: 'entry.sql_driver_log.system_configuration.client_app_name', count: secrets.length },
      { name: 'entry.local.service', count: secrets.length },
    ]);
    await test.collector.close();
    for (const secret of [...secrets, 'canary']) expect(filesWith(test.data, secret), secret).to.deep.equal([]);
  });
});
