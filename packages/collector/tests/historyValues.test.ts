import { expect } from 'chai';
import { statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const START = Date.UTC(2026, 0, 15, 10);
const ids = Array.from({ length: 10 }, (_, i) => `00000000-0000-0000-0000-00000000000${i}`);

describe('the values of a query history', function () {
  this.timeout(60_000);
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
    await deliver(
      test.collector.address,
      ids.map((statementId) => statementLog({ statementId, latencyMs: 500 })),
    );
    await loaded(test.client, ids.length);
  });
  after(() => test.end());

  const upload = async (body: string, type: string): Promise<unknown> =>
    (
      await fetch(`${test.collector.address}/api/v1/query-history`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
    ).json();
  /** One row for each of `rows`, in the order of `ids`. */
  const rows = (all: readonly object[]): Promise<unknown> =>
    upload(JSON.stringify(all.map((row, i) => ({ statement_id: ids[i], ...row }))), 'application/json');
  const serverOf = async (i: number): Promise<object> => (await test.client.statement(ids[i] ?? '')).server ?? {};

  it('are times as exports write them: with a zone, with none (UTC), as milliseconds', async () => {
    const times = [
      '2026-01-15 10:00:00',
      '2026-01-15T10:00',
      '2026-01-15 10:00:00.000 UTC',
      '2026-01-15 12:00:00+02',
      '2026-01-15T12:30:00.000000+0230',
      '2026-01-15T05:00:00-05:00',
      String(START),
      START,
    ];
    const start_times = times.map((start_time) => ({ start_time, total_duration_ms: '1.2e3' }));
    expect(await rows([...start_times, { start_time: '2026-01-16' }])).to.deep.equal({ accepted: 9, rejected: 0 });
    for (const [i, time] of times.entries()) {
      expect(await serverOf(i), String(time)).to.include({ startMs: START, totalMs: 1_200 });
    }
    expect(await serverOf(8)).to.include({ startMs: START + 14 * 3_600_000 });
  });

  it('are no times of another unit or of no calendar: without a start a row is rejected', async () => {
    const times = [START / 1_000, START * 1_000, '15.01.2026 10:00', '2026-13-01', '9999-01-01', true, {}];
    const all = times.map((start_time) => ({ start_time }));
    expect(await rows(all)).to.deep.equal({ accepted: 0, rejected: times.length });
  });

  it('are unknown where a number is negative, or none', async () => {
    const values = [-1, '-1', true, [5], '0x10', 'Infinity', 1e300, {}];
    await rows(
      values.map((value) => ({ start_time: START, total_duration_ms: value, read_rows: value, end_time: value })),
    );
    for (const [i, value] of values.entries()) {
      expect(await serverOf(i), JSON.stringify(value)).to.include({ totalMs: null, readRows: null, endMs: null });
    }
  });

  it('of a line of CSV that has lost cells, or has too many, are rejected', async () => {
    const row = `${ids[0] ?? ''},2026-01-15 10:00:00,`;
    const csv = `statement_id,start_time,total_duration_ms\n${row}7\n${row}8,9\n${row.slice(0, -5)}`;
    expect(await upload(csv, 'text/csv')).to.deep.equal({ accepted: 1, rejected: 2 });
    expect(await serverOf(0)).to.include({ totalMs: 7 });
  });
});
