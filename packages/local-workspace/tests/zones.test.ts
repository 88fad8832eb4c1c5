import { expect } from 'chai';
import { harness, type Harness, type Session } from './drivers';
import { replay } from './oracle/replay';
import { differences, entriesOf, FORMATS, sampled, withTable } from './oracle/table';

const TABLE = entriesOf('table.jsonl').filter(([kind]) => kind.startsWith('z:'));
const ZONES = [...new Set(TABLE.map(([kind]) => kind.slice(2)))];

async function inZone(it_: Harness, zone: string): Promise<Harness> {
  const session = await it_.client.openSession({ configuration: { TIMEZONE: zone } });
  return { ...it_, session };
}

describe('time zones of sessions', function () {
  this.timeout(120_000);

  for (const { name, every, options } of FORMATS) {
    describe(name, () => {
      let it_: Harness;
      before(async () => {
        it_ = await withTable(options);
      });
      after(() => it_.close());

      for (const zone of ZONES) {
        const entries = sampled(
          TABLE.filter(([kind]) => kind === `z:${zone}`),
          every,
        );
        it(`agree with Spark in ${zone}: ${entries.length} expressions`, async () => {
          const there = await inZone(it_, zone);
          expect(differences(entries, await replay(there, entries, every === 1))).to.deep.equal([]);
          await there.session.close();
        });
      }
    });
  }
});

describe('the setting TIMEZONE', () => {
  let it_: Harness;
  const textIn = async (session: Session, sql: string): Promise<unknown> => {
    const operation = await session.executeStatement(sql);
    const [row] = (await operation.fetchAll()) as Record<string, unknown>[];
    await operation.close();
    return Object.values(row ?? {})[0];
  };
  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  const NOON = "SELECT CAST(TIMESTAMP'2024-07-01T12:00:00Z' AS STRING) AS t";
  const WAYS: readonly [string, string][] = [
    ["SET TIME ZONE 'America/New_York'", '2024-07-01 08:00:00'],
    ['SET TIMEZONE = Asia/Kolkata', '2024-07-01 17:30:00'],
    ["SET TIME ZONE '+05:45'", '2024-07-01 17:45:00'],
    ['SET TIME ZONE INTERVAL 10 HOURS', '2024-07-01 22:00:00'],
    ["SET TIME ZONE INTERVAL '-02:30' HOUR TO MINUTE", '2024-07-01 09:30:00'],
    ["SET spark.sql.session.timeZone = 'UTC+1'", '2024-07-01 13:00:00'],
    ['SET TIME ZONE LOCAL', '2024-07-01 12:00:00'],
  ];
  for (const [statement, text] of WAYS) {
    it(`obeys ${statement}`, async () => {
      const session = await it_.client.openSession();
      await textIn(session, statement);
      expect(await textIn(session, NOON)).to.equal(text);
      await session.close();
    });
  }

  it('goes back to UTC with RESET, and is shown by SET', async () => {
    const session = await it_.client.openSession();
    await textIn(session, "SET TIME ZONE 'Asia/Tokyo'");
    expect(await textIn(session, 'SELECT current_timezone() AS z')).to.equal('Asia/Tokyo');
    expect(await it_.rows('SELECT current_timezone() AS z')).to.deep.equal([{ z: 'UTC' }]);
    await (await session.executeStatement('RESET')).close();
    expect(await textIn(session, NOON)).to.equal('2024-07-01 12:00:00');
    await session.close();
  });

  it('is refused when nobody knows the zone', async () => {
    for (const zone of ['Mars/Olympus', 'america/new_york', '+19:00', 'x'])
      expect((await it_.failure(`SET TIME ZONE '${zone}'`)).sqlState, zone).to.equal('22022');
  });

  it('makes a view answer for the zone of who reads it', async () => {
    await it_.rows("CREATE VIEW noon AS SELECT CAST(TIMESTAMP'2024-07-01T12:00:00Z' AS STRING) AS t");
    const session = await it_.client.openSession({ configuration: { timezone: 'Europe/Berlin' } });
    expect(await textIn(session, 'SELECT t FROM noon')).to.equal('2024-07-01 14:00:00');
    expect(await it_.rows('SELECT t FROM noon')).to.deep.equal([{ t: '2024-07-01 12:00:00' }]);
    await session.close();
  });

  it('takes a parameter without a zone for a time in that of the session', async () => {
    const session = await it_.client.openSession({ configuration: { TIMEZONE: 'America/New_York' } });
    const operation = await session.executeStatement('SELECT unix_timestamp(CAST(:t AS TIMESTAMP)) AS s', {
      namedParameters: { t: '2024-07-01 08:00:00' },
    });
    expect(Number(((await operation.fetchAll()) as { s: unknown }[])[0]?.s)).to.equal(Date.UTC(2024, 6, 1, 12) / 1000);
    await session.close();
  });
});
