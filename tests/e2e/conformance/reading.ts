import { setTimeout as sleep } from 'node:timers/promises';
import { failing, fetchAll, FILES, INLINE, LINKS, QUERY } from './building';
import type { Scenario } from './Scenario';

export const reading: Scenario[] = [
  {
    name: 'fetchChunk until nothing is left',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 5000', INLINE);
      let rows = 0;
      do rows += (await operation.fetchChunk({ maxRows: 700 })).length;
      while (await operation.hasMoreRows());
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'iterateChunks with auto-close',
    rows: [LINKS],
    run: async (world) => {
      const operation = await world.session.executeStatement(FILES);
      await operation.finished();
      let rows = 0;
      for await (const chunk of operation.iterateChunks({ autoClose: true })) rows += chunk.length;
      world.saw(operation, rows);
    },
  },
  {
    name: 'iterateRows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 3000', INLINE);
      await operation.finished();
      let rows = 0;
      for await (const row of operation.iterateRows()) rows += row === undefined ? 0 : 1;
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'toNodeStream of rows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT * FROM orders LIMIT 3000', INLINE);
      await operation.finished();
      let rows = 0;
      for await (const _row of operation.toNodeStream({ mode: 'rows' })) rows += 1;
      world.saw(operation, rows);
      await operation.close();
    },
  },
  {
    name: 'a break out of iterateRows is closed unread',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      for await (const _row of operation.iterateRows({ autoClose: true })) break;
    },
  },
  {
    name: 'a destroyed stream is closed unread',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      const stream = operation.toNodeStream({ mode: 'rows', iteratorOptions: { autoClose: true } });
      for await (const _row of stream) break;
      // It closes the operation after the loop has ended; a second close at the same time the server would refuse.
      if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
      await operation.close();
    },
  },
  {
    name: 'an exception of the application inside its loop is no error of the driver',
    rows: [{ ...LINKS, outcome: 'closed_unfetched', consumed: false, files: { present: 'some', read: 1 } }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(FILES);
      await operation.finished();
      await failing(
        (async () => {
          for await (const _row of operation.iterateRows({ autoClose: true })) throw new Error('of the application');
        })(),
      );
    },
  },
  {
    name: 'a result that is closed unread',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'closed_unfetched', consumed: false }],
    run: async ({ session }) => {
      await (await session.executeStatement('SELECT * FROM orders LIMIT 2000', INLINE)).close();
    },
  },
  {
    name: 'a session closed under a statement',
    rows: [{ operation: 'EXECUTE_STATEMENT', outcome: 'session_closed', consumed: false }],
    run: async ({ session }) => {
      await session.executeStatement(FILES, { maxRows: null });
      await session.close();
    },
  },
  {
    name: 'operations interleaved in one session',
    rows: [QUERY, LINKS],
    run: async (world) => {
      const first = await world.session.executeStatement('SELECT * FROM orders LIMIT 4000', INLINE);
      const second = await world.session.executeStatement(FILES);
      let [firstRows, secondRows] = [0, 0];
      do {
        firstRows += (await first.fetchChunk({ maxRows: 1000 })).length;
        secondRows += (await second.fetchChunk({ maxRows: 4000 })).length;
      } while (await first.hasMoreRows());
      while (await second.hasMoreRows()) secondRows += (await second.fetchChunk({ maxRows: 9000 })).length;
      world.saw(first, firstRows);
      world.saw(second, secondRows);
      await Promise.all([first.close(), second.close()]);
    },
  },
  {
    name: 'the same text five times at once in one session',
    rows: [QUERY, QUERY, QUERY, QUERY, QUERY],
    run: async (world) => {
      await Promise.all(
        [1, 2, 3, 4, 5].map(async () => {
          const operation = await world.session.executeStatement('SELECT 7 AS seven');
          await fetchAll(world, operation);
          await operation.close();
        }),
      );
    },
  },
  {
    name: 'thinking between calls is not backend time',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await sleep(150);
      await fetchAll(world, operation);
      await sleep(150);
      await operation.close();
    },
  },
  {
    name: 'finished, schema and metadata before the rows',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one', { maxRows: null });
      await operation.finished();
      await operation.getSchema();
      await fetchAll(world, operation);
      await operation.close();
    },
  },
  {
    name: 'a second close and a second cancel change nothing',
    rows: [QUERY],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one');
      await fetchAll(world, operation);
      await operation.close();
      await operation.close();
      await operation.cancel();
    },
  },
];
