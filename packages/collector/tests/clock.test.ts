import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mock } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '../lib/options';
import { Retention } from '../lib/Retention';
import type { Store } from '../lib/store/Store';

const HALF_MINUTE_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('retention and a clock that is set', () => {
  const { now } = Date;
  const monotonic = performance.now.bind(performance);
  let data: string;
  let retention: Retention;
  let lines: LogLine[];
  let expired: number;
  let setMs: number;
  let passedMs: number;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'collector-clock-'));
    mkdirSync(join(data, 'journal'));
    [lines, expired, setMs, passedMs] = [[], 0, 0, 0];
    Date.now = () => now() + setMs + passedMs;
    performance.now = () => monotonic() + passedMs;
    mock.timers.enable({ apis: ['setInterval'] });
    const store: Pick<Store, 'expire' | 'archive'> = {
      expire: () => Promise.resolve({ statements: (expired += 1), files: [], bytes: 0 }),
      archive: () => Promise.resolve(),
    };
    const log = (line: LogLine): number => lines.push(line);
    retention = new Retention(store as Store, { data, retentionDays: 30, log } as never);
    retention.start();
  });
  afterEach(async () => {
    await retention.stop();
    mock.timers.reset();
    Date.now = now;
    performance.now = monotonic;
    rmSync(data, { recursive: true, force: true });
  });

  const pass = async (ms: number): Promise<void> => {
    passedMs += ms;
    mock.timers.tick(HALF_MINUTE_MS);
    // All that it waits for is there: it has ended by then.
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('nothing goes by itself for an hour after it was set forward by more than a day, and is said; then as ever', async () => {
    await pass(HALF_MINUTE_MS);
    expect(expired).to.equal(1);
    setMs = 400 * DAY_MS;
    await pass(HALF_MINUTE_MS);
    await pass(HOUR_MS - 2 * HALF_MINUTE_MS);
    expect(expired).to.equal(1);
    expect(lines.filter(({ event }) => event === 'clock_jumped')).to.have.lengthOf(1);
    await pass(2 * HALF_MINUTE_MS);
    expect(expired).to.equal(2);
  });

  it('a clock that is put right by less, or back, changes nothing', async () => {
    for (const ms of [HOUR_MS, -10 * DAY_MS, -10 * DAY_MS + HOUR_MS]) {
      setMs = ms;
      await pass(HALF_MINUTE_MS);
    }
    expect(expired).to.equal(3);
    expect(lines.filter(({ event }) => event === 'clock_jumped')).to.deep.equal([]);
  });

  it('whoever asks for it gets it, whatever the clock did', async () => {
    setMs = 400 * DAY_MS;
    await pass(HALF_MINUTE_MS);
    await retention.expire(false);
    expect(expired).to.equal(1);
  });
});
