import { ENDLESS, FAILED, failing, fetchAll, INLINE, QUERY } from './building';
import type { Scenario } from './Scenario';

const CHANGED = { operation: 'EXECUTE_STATEMENT', type: 'UPDATE', outcome: 'delivered' } as const;
const UNKNOWN = { operation: 'EXECUTE_STATEMENT', type: 'SQL', outcome: 'closed_unfetched', consumed: false } as const;
const NO_TYPE = ['INSERT INTO no_such_table VALUES (1)', 'DROP TABLE no_such_table', 'SELECT * FROM no_such_table'];

export const writes: Scenario[] = [
  {
    name: 'statements that change data',
    rows: [CHANGED, CHANGED, CHANGED],
    run: async ({ session }) => {
      for (const sql of [
        'CREATE OR REPLACE TABLE scratch (id INT, name STRING)',
        "INSERT INTO scratch VALUES (1, 'a'), (2, 'b')",
        'DROP TABLE scratch',
      ]) {
        const operation = await session.executeStatement(sql);
        await operation.fetchAll();
        await operation.close();
      }
    },
  },
  {
    name: 'statements that fail before it shows whether they are queries',
    rows: NO_TYPE.map(() => ({ ...FAILED, type: 'SQL' })),
    errors: NO_TYPE.map(() => ({ stage: 'fetch', sqlState: '42P01' })),
    run: async ({ session }) => {
      for (const sql of NO_TYPE) {
        const operation = await session.executeStatement(sql);
        await failing(operation.fetchAll());
        await operation.close();
      }
    },
  },
  {
    name: 'a change and a query that are closed before the server says anything of their results',
    rows: [UNKNOWN, UNKNOWN],
    run: async ({ session }) => {
      for (const sql of ["INSERT INTO customers SELECT * FROM customers WHERE name = 'nobody'", 'SELECT 1']) {
        const operation = await session.executeStatement(sql, { maxRows: null });
        await operation.close();
      }
    },
  },
  {
    name: 'a change that is cancelled',
    rows: [{ operation: 'EXECUTE_STATEMENT', type: 'SQL', outcome: 'cancelled', consumed: false }],
    run: async ({ session }) => {
      const operation = await session.executeStatement(`CREATE OR REPLACE TABLE endless AS ${ENDLESS}`, {
        maxRows: null,
      });
      await operation.cancel();
      await operation.close();
    },
  },
];

export const failures: Scenario[] = [
  {
    name: 'a syntax error',
    rows: [FAILED],
    errors: [{ stage: 'fetch', sqlState: '42601' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELEC 1');
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an unknown table',
    rows: [FAILED],
    errors: [{ stage: 'poll', sqlState: '42P01' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELECT * FROM no_such_table');
      await failing(operation.finished());
      await operation.close();
    },
  },
  {
    name: 'one failure that passes several calls is one error',
    rows: [FAILED],
    errors: [{ stage: 'fetch', sqlState: '42P01' }],
    run: async ({ session }) => {
      const operation = await session.executeStatement('SELECT * FROM no_such_table', { maxRows: null });
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an execute that the server rejects',
    rows: [FAILED],
    errors: [{ stage: 'execute', sqlState: '57014' }],
    run: async ({ session, workspace }) => {
      const error = { message: 'rejected', sqlState: '57014' };
      workspace.faults.add({ rpc: 'ExecuteStatement', error, times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'an execute whose connection is reset',
    rows: [{ ...FAILED, outcome: 'connection_lost' }],
    errors: [{ stage: 'execute', code: 'ECONNRESET' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'ExecuteStatement', action: 'reset', times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'an execute that is not authorised',
    rows: [FAILED],
    errors: [{ stage: 'execute' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'ExecuteStatement', status: 403, times: 1 });
      await failing(session.executeStatement('SELECT 1'));
    },
  },
  {
    name: 'a parameter error before anything is sent',
    rows: [FAILED],
    errors: [{ stage: 'execute' }],
    run: async ({ session }) => {
      await failing(session.executeStatement('SELECT :a', { namedParameters: { a: 1 }, ordinalParameters: [1] }));
    },
  },
  {
    name: 'a fetch that the server rejects',
    rows: [FAILED],
    errors: [{ stage: 'fetch' }],
    run: async ({ session, workspace }) => {
      const operation = await session.executeStatement('SELECT * FROM orders LIMIT 2000', { ...INLINE, maxRows: null });
      workspace.faults.add({ rpc: 'FetchResults', error: { message: 'rejected', sqlState: 'XX000' }, times: 1 });
      await failing(operation.fetchAll());
      await operation.close();
    },
  },
  {
    name: 'an operation used after its close',
    rows: [QUERY],
    errors: [{ stage: 'fetch', code: 'CLOSED' }],
    run: async (world) => {
      const operation = await world.session.executeStatement('SELECT 1 AS one');
      await fetchAll(world, operation);
      await operation.close();
      await failing(operation.fetchAll());
    },
  },
  {
    name: 'a metadata call that fails',
    rows: [{ operation: 'LIST_TABLES', type: 'METADATA', outcome: 'failed' }],
    errors: [{ stage: 'execute' }],
    run: async ({ session, workspace }) => {
      workspace.faults.add({ rpc: 'GetTables', error: { message: 'no', sqlState: 'XX000' }, times: 1 });
      await failing(session.getTables());
    },
  },
];
