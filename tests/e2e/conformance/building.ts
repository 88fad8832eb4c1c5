import type { Operation } from '../support/application';
import type { ExpectedRow, World } from './Scenario';

export const ENDLESS = 'SELECT count(*) AS n FROM orders a JOIN orders b ON a.order_id * b.order_id % 9973 = 1';
export const SLOW = 'SELECT count(*) AS n FROM orders o JOIN customers c ON o.order_id % 499 = c.customer_id % 499';
export const FILES = 'SELECT * FROM orders LIMIT 30000';
export const INLINE = { useCloudFetch: false };

export const QUERY: ExpectedRow = {
  operation: 'EXECUTE_STATEMENT',
  type: 'QUERY',
  format: 'INLINE_ARROW',
  outcome: 'delivered',
  consumed: true,
};
export const METADATA: ExpectedRow = {
  type: 'METADATA',
  format: 'COLUMNAR_INLINE',
  outcome: 'delivered',
  consumed: true,
};
export const LINKS: ExpectedRow = { ...QUERY, format: 'EXTERNAL_LINKS', files: { present: 'some', read: 'all' } };
export const FAILED: ExpectedRow = { operation: 'EXECUTE_STATEMENT', outcome: 'failed', consumed: false };

/** Reads a result to its end, and has the rows that came counted. */
export async function fetchAll(world: World, operation: Operation): Promise<void> {
  world.saw(operation, (await operation.fetchAll()).length);
}

/** Runs to its end something that is expected to fail; anything else is the scenario's failure. */
export async function failing(work: Promise<unknown>): Promise<void> {
  const failed = await work.then(
    () => false,
    () => true,
  );
  if (!failed) throw new Error('expected a failure');
}
