import { setTimeout as sleep } from 'node:timers/promises';
import { ENDLESS, failing, fetchAll, FILES, LINKS, METADATA, QUERY, SLOW } from './building';
import type { Scenario } from './Scenario';

export const endings: Scenario[] = [
  {
    name: 'a running query cancelled by the client',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false }],
    errors: [{ stage: 'fetch', code: 'CANCELED' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(ENDLESS);
      const reading = failing(operation.fetchAll());
      await sleep(150);
      await operation.cancel();
      await reading;
      await operation.close();
    },
  },
  {
    name: 'a query cancelled while nobody waits',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled', consumed: false }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(ENDLESS);
      await operation.cancel();
    },
  },
  {
    name: 'a failed cancel leaves the statement running',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'cancelled' }],
    errors: [{ stage: 'cancel' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement(ENDLESS);
      workspace.faults.add({ rpc: 'CancelOperation', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(operation.cancel());
      await operation.cancel();
    },
  },
  {
    name: 'a close that fails still ends the statement',
    rows: [{ ...QUERY, format: undefined, outcome: 'closed_unfetched', consumed: false }],
    errors: [{ stage: 'close' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await operation.finished();
      workspace.faults.add({ rpc: 'CloseOperation', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(operation.close());
    },
  },
];

export const downloads: Scenario[] = [
  {
    name: 'a CloudFetch download that is retried',
    rows: [{ ...LINKS, retries: 1, causes: '503:1', files: { present: 'some', read: 'all', retried: 1 } }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      world.workspace.faults.add({ route: 'cloudfetch', status: 503, times: 1 });
      const operation = await world.session.executeStatement(FILES);
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a CloudFetch download that is refused',
    rows: [
      { ...LINKS, outcome: 'failed', consumed: false, files: { present: 'some', failed: 1, expired: 0, status: 403 } },
    ],
    errors: [{ name: 'Error', stage: 'download', httpStatus: 403, file: 2 }],
    config: { cloudFetchConcurrentDownloads: 1 },
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'cloudfetch', status: 403, skip: 2, times: 1 });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'a link that has expired',
    rows: [
      {
        ...LINKS,
        outcome: 'failed',
        consumed: false,
        files: { present: 'some', read: 0, failed: 1, expired: 1, status: undefined },
      },
    ],
    errors: [{ stage: 'download', file: 0 }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ route: 'thrift', expireLinks: true });
      const operation = await session.executeStatement(FILES);
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
];

export const retries: Scenario[] = [
  {
    name: 'a status request that is retried',
    rows: [{ ...QUERY, retries: 2, causes: '503:2' }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      const operation = await world.session.executeStatement(SLOW, { maxRows: null });
      world.workspace.faults.add({ rpc: 'GetOperationStatus', status: 503, times: 2 });
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a metadata call that is retried',
    rows: [{ ...METADATA, operation: 'LIST_CATALOGS', retries: 1, causes: '503:1' }],
    config: { retryDelayMin: 1, retryDelayMax: 5 },
    run: async (world) => {
      world.workspace.faults.add({ rpc: 'GetCatalogs', status: 503, times: 1 });
      const operation = await world.session.getCatalogs();
      await fetchAll(world, operation);
      await operation.close();
    },
  },
];

export const optOuts: Scenario[] = [
  {
    name: 'a statement that opted out beside one of the same text that did not',
    rows: [QUERY],
    unobserved: 1,
    run: async (world) => {
      const quiet = { telemetryEnabled: false } as object;
      const [hidden, shown] = await Promise.all([
        world.session.executeStatement('SELECT 3 AS three', quiet),
        world.session.executeStatement('SELECT 3 AS three'),
      ]);
      await hidden.fetchAll();
      await hidden.close();
      await fetchAll(world, shown);
      await shown.close();
    },
  },
];
