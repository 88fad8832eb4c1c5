// What statements take on disk.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckStore } from '../dist/store/duckdb/DuckStore.js';
import { fill } from './fill.mjs';

export const temporary = () => mkdtempSync(join(tmpdir(), 'collector-bench-'));

const bytesOf = (folder) =>
  readdirSync(folder, { recursive: true }).reduce(
    (sum, name) => sum + (statSync(join(folder, name)).isFile() ? statSync(join(folder, name)).size : 0),
    0,
  );

/** Bytes of a statement on disk. */
export async function disk(row) {
  const folder = temporary();
  const statements = 500_000;
  await fill(folder, statements, 10);
  const store = await DuckStore.open({ folder, memoryMb: 1024, threads: 2, recentDays: 2 });
  await store.archive(Date.now());
  const [archived] = [
    await store.query('health', { selection: { fromMs: 0, toMs: 1, filters: {}, measure: 'latencyMs' } }),
  ];
  await store.close();
  const older = (bytesOf(join(folder, 'days')) / (statements * 0.8)).toFixed(1);
  row(`bytes on disk per statement after 48 h (of ${archived.stored.statements})`, older, '<= 40', older <= 40);
  const keys = (Number(older) + 16).toFixed(1);
  row('bytes on disk per statement while duplicates are looked for (with its two keys)', keys, '<= 60', keys <= 60);
  rmSync(folder, { recursive: true });
}

/** Whether the disk stays flat when days come and go. */
export async function retention(row) {
  const folder = temporary();
  const store = await DuckStore.open({ folder, memoryMb: 512, threads: 2, recentDays: 1 });
  const sizes = [];
  let offset = 0;
  // The days pass in seconds: what the store lets go of by its clock goes as well.
  const { now } = Date;
  const startMs = now() - 10 * 864e5;
  for (let day = 0; day < 10; day += 1) {
    const nowMs = startMs + day * 864e5;
    for (let part = 0; part < 10; part += 1) {
      const rows = Array.from({ length: 2_000 }, (_, i) => ({
        eventId: randomUUID(),
        timeMs: nowMs + part * 8_000_000 + i,
        sessionId: `session-${day}-${i % 200}`,
        statementId: randomUUID(),
        operationType: 'EXECUTE_STATEMENT',
        latencyMs: (i * 7919) % 900,
        service: `service-${i % 200}`,
        describesConnection: true,
      }));
      offset += 1;
      Date.now = () => nowMs + part * 8_000_000;
      await store.load(
        [
          {
            receivedMs: nowMs + part * 8_000_000,
            received: 2_000,
            rejected: {},
            unknownFields: {},
            invalidFields: {},
            rows,
          },
        ],
        { segment: 1, offset },
      );
    }
    await store.archive(nowMs + 864e5);
    await store.expire(nowMs + 864e5 - 3 * 864e5, undefined, false);
    sizes.push(await store.size());
  }
  Date.now = now;
  await store.close();
  // Blocks that are free wait to be used again: the size goes up and down by some.
  const growth = Math.max(...sizes.slice(7)) / Math.max(...sizes.slice(3, 6));
  row(
    `disk of days 8 to 10 beside days 4 to 6, 200 services, retention of 3 days (${(Math.max(...sizes) / 2 ** 20).toFixed(0)} MB)`,
    growth.toFixed(2),
    '<= 1.1',
    growth <= 1.1,
  );
  rmSync(folder, { recursive: true });
}
