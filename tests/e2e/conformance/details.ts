import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/waiting';
import { ENDLESS, failing, fetchAll, FILES, INLINE, LINKS, QUERY, SLOW } from './building';
import type { ExpectedRow, Scenario, World } from './Scenario';

const FAST_RETRIES = { retryDelayMin: 1, retryDelayMax: 5 };
const VOLUME: ExpectedRow = { type: 'VOLUME', outcome: 'delivered' };
const CONTENT = 'content '.repeat(40_000);

async function transfer({ session }: World, sql: string): Promise<void> {
  const operation = await session.executeStatement(sql, { stagingAllowedLocalPath: tmpdir() });
  await operation.close();
}

/** Files that the workspace has handed out completely. */
function served({ workspace }: World): number {
  return workspace.received.requests({ route: 'cloudfetch' }).filter(({ durationMs }) => durationMs !== undefined)
    .length;
}

const volumes: Scenario[] = [
  {
    name: 'a file put, got and removed, with its size',
    rows: [
      { ...VOLUME, volumeOperation: 'PUT', bytes: CONTENT.length },
      { ...VOLUME, volumeOperation: 'GET', bytes: CONTENT.length },
      { ...VOLUME, volumeOperation: 'DELETE', bytes: undefined },
    ],
    run: async (world) => {
      const folder = await mkdtemp(join(tmpdir(), 'volume-'));
      const [source, target] = [join(folder, 'source'), join(folder, 'target')];
      await writeFile(source, CONTENT);
      await transfer(world, `PUT '${source}' INTO '/Volumes/main/default/files/a.bin' OVERWRITE`);
      await transfer(world, `GET '/Volumes/main/default/files/a.bin' TO '${target}'`);
      await transfer(world, `REMOVE '/Volumes/main/default/files/a.bin'`);
      await rm(folder, { recursive: true });
      const requests = world.workspace.received.requests({ route: 'volumes' });
      expect(requests.map(({ bytes, responseBytes }) => Math.max(bytes, responseBytes)).slice(0, 2)).to.deep.equal([
        CONTENT.length,
        CONTENT.length,
      ]);
    },
  },
  {
    name: 'a file that may not be read locally',
    rows: [{ type: 'VOLUME', volumeOperation: 'PUT', outcome: 'failed', bytes: undefined }],
    errors: [{ stage: 'volume' }],
    run: async ({ session }) => {
      const sql = "PUT '/etc/hostname' INTO '/Volumes/main/default/files/b.bin' OVERWRITE";
      await failing(session.executeStatement(sql, { stagingAllowedLocalPath: '/nowhere' }));
    },
  },
  {
    name: 'a transfer that the store refuses',
    rows: [{ type: 'VOLUME', volumeOperation: 'PUT', outcome: 'failed', bytes: undefined }],
    errors: [{ stage: 'volume' }],
    run: async (world) => {
      const folder = await mkdtemp(join(tmpdir(), 'volume-'));
      const source = join(folder, 'source');
      await writeFile(source, CONTENT);
      world.workspace.faults.add({ route: 'volumes', status: 403, times: 1 });
      await failing(transfer(world, `PUT '${source}' INTO '/Volumes/main/default/files/c.bin' OVERWRITE`));
      await rm(folder, { recursive: true });
    },
  },
];

const files: Scenario[] = [
  {
    name: 'files that were downloaded ahead and never read',
    rows: [
      {
        ...LINKS,
        outcome: 'closed_unfetched',
        consumed: false,
        firstRow: true,
        files: { present: 'some', read: 1, unread: 'others', failed: 0 },
      },
    ],
    run: async (world) => {
      const operation = await world.session.executeStatement(FILES);
      world.saw(operation, (await operation.fetchChunk({ maxRows: 10 })).length);
      await until('all files are there', () => served(world) === 6);
      await sleep(50);
      await operation.close();
    },
  },
  {
    name: 'a file that is given up after retries',
    rows: [
      {
        ...LINKS,
        outcome: 'connection_lost',
        consumed: false,
        retries: 2,
        causes: '503:1 429:1',
        files: { present: 'some', read: 0, failed: 1, expired: 0, retried: 1, status: 429 },
      },
    ],
    errors: [{ name: 'RetryError', stage: 'download', httpStatus: 429, file: 0 }],
    config: { ...FAST_RETRIES, retryMaxAttempts: 3, cloudFetchConcurrentDownloads: 1 },
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'cloudfetch', status: 503, times: 1 });
      workspace.faults.add({ route: 'cloudfetch', status: 429, times: 2 });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  ...[404, 410, 500].map((status): Scenario => ({
    name: `a file that is answered with ${status}, others behind it with another status`,
    rows: [
      {
        ...LINKS,
        outcome: status === 500 ? 'connection_lost' : 'failed',
        consumed: false,
        files: { present: 'some' },
      },
    ],
    errors: [{ stage: 'download', httpStatus: status, file: 0 }],
    config: { ...FAST_RETRIES, retryMaxAttempts: 1 },
    run: async (world) => {
      const { session, workspace } = world;
      // The first file fails last.
      workspace.faults.add({ route: 'cloudfetch', status, delayMs: 200, times: 1 });
      workspace.faults.add({ route: 'cloudfetch', status: 403 });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  })),
  {
    name: 'a file whose connection is reset',
    rows: [
      {
        ...LINKS,
        outcome: 'connection_lost',
        consumed: false,
        retries: 0,
        causes: undefined,
        files: { present: 'some', read: 0, failed: 1, retried: 0, status: undefined },
      },
    ],
    errors: [{ stage: 'download' }],
    // Newer drivers would try again.
    config: { ...FAST_RETRIES, retryMaxAttempts: 1, cloudFetchConcurrentDownloads: 1 },
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'cloudfetch', action: 'reset' });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
];

const causes: Scenario[] = [
  {
    name: 'requests that are retried for several reasons',
    rows: [{ ...QUERY, retries: 3, causes: '503:2 429:1' }],
    config: FAST_RETRIES,
    run: async (world) => {
      const operation = await world.session.executeStatement(SLOW, { maxRows: null });
      world.workspace.faults.add({ rpc: 'GetOperationStatus', status: 503, times: 2 });
      world.workspace.faults.add({ rpc: 'GetResultSetMetadata', status: 429, times: 1 });
      await fetchAll(world, operation);
      await operation.close();
    },
  },
];

const late: Scenario[] = [
  {
    name: 'a page that arrives after the cancel',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false, firstRow: false }],
    // Newer drivers tell the call that waits; older ones give it the page.
    errors: 'any',
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement('SELECT * FROM orders LIMIT 2000', { ...INLINE, maxRows: null });
      await operation.finished();
      workspace.faults.add({ rpc: 'FetchResults', delayMs: 500, times: 1 });
      const reading = operation.fetchAll().catch(() => undefined);
      await sleep(50);
      await operation.cancel();
      await reading;
    },
  },
  {
    name: 'a poll that is answered after the cancel',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false, retries: 0, causes: undefined }],
    errors: [{ stage: 'poll', code: 'CANCELED' }],
    config: FAST_RETRIES,
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement(ENDLESS, { maxRows: null });
      workspace.faults.add({ rpc: 'GetOperationStatus', status: 503, delayMs: 600, times: 1 });
      const waiting = failing(operation.finished());
      await sleep(50);
      await operation.cancel();
      await waiting;
    },
  },
];

const phases: Scenario[] = [
  {
    name: 'a close that is a request of its own',
    rows: [
      { operation: 'EXECUTE_STATEMENT', outcome: 'closed_unfetched', direct: 'none', closed: true, firstRow: false },
    ],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await operation.finished();
      await operation.close();
    },
  },
  {
    name: 'a close that came with the result',
    rows: [{ ...QUERY, direct: 'complete', closed: false, firstRow: true }],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one');
      await fetchAll(world, operation);
      await operation.close();
    },
  },
];

/** The rarer facts of statements: what happens → what arrives. */
export const DETAILS: ReadonlyArray<readonly [string, readonly Scenario[]]> = [
  ['volumes', volumes],
  ['files', files],
  ['causes of retries', causes],
  ['late answers', late],
  ['phases', phases],
];
