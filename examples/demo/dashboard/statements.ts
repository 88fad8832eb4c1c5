import type { ServiceName } from './assignment';

export interface Task {
  readonly sql: string;
  readonly useCloudFetch: boolean;
  /** Is cancelled after so long, unless it is over before. */
  readonly cancelAfterMs?: number;
}

interface Habits {
  /** Pause between two statements, in milliseconds. */
  readonly pauseMs: number;
  readonly next: (turn: number, slower: boolean) => Task;
}

const inline = (sql: string): Task => ({ sql, useCloudFetch: false });
const files = (sql: string): Task => ({ sql, useCloudFetch: true });
const BROKEN = 'SELECT * FROM orders_of_last_year';

/** What each service asks for, turn by turn. */
export const HABITS: Readonly<Record<ServiceName, Habits>> = {
  'checkout-api': {
    pauseMs: 250,
    next: (turn) =>
      inline(
        turn % 5 === 0
          ? 'SELECT status, count(*) AS n FROM orders GROUP BY status'
          : `SELECT * FROM orders WHERE order_id = ${(turn * 7_919) % 1_000_000}`,
      ),
  },
  'pricing-engine': {
    pauseMs: 700,
    next: (turn, slower) =>
      slower
        ? files(`SELECT o.*, sleep(0.6) AS waited FROM orders o WHERE order_id < ${40_000 + (turn % 5) * 9_000}`)
        : inline(`SELECT order_id, quantity, sleep(0.1) AS waited FROM orders LIMIT ${1_000 + (turn % 7) * 300}`),
  },
  'bi-export': {
    pauseMs: 3_000,
    next: (turn) => files(`SELECT * FROM orders LIMIT ${60_000 + (turn % 4) * 30_000}`),
  },
  'notebook-gateway': {
    pauseMs: 900,
    next: (turn) => {
      if (turn % 23 === 7) return inline('SELEC status FROM orders');
      if (turn % 29 === 11) return { ...inline('SELECT sleep(5)'), cancelAfterMs: 600 };
      if (turn % 6 === 2) return inline('SHOW TABLES');
      return inline(
        `SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id LIMIT ${100 + (turn % 9) * 40}`,
      );
    },
  },
};

/** What a service asks for while it is broken. */
export const brokenTask = (): Task => inline(BROKEN);
