import type { Session } from '../support/application';

/** What the application sees of one piece of work: its rows, or what it threw. */
export interface Outcome {
  readonly ms: number;
  readonly result: unknown;
}

const STATEMENTS = {
  small: 'SELECT 1 AS one, :text AS text',
  cloudFetch: 'SELECT id, id * 2 AS twice, concat(id, :text) AS text FROM range(3000)',
  failing: 'SELECT * FROM no_such_table WHERE a = :text',
} as const;

export const WORKS = Object.keys(STATEMENTS) as Work[];
export type Work = keyof typeof STATEMENTS;

/** Never rejects: what the application would have caught is part of the outcome. */
export async function timed(work: () => Promise<unknown>): Promise<Outcome> {
  const startedMs = performance.now();
  const result = await work().then(
    (value) => value,
    (thrown: unknown) => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown),
  );
  return { ms: performance.now() - startedMs, result };
}

export function run(session: Session, work: Work): Promise<Outcome> {
  return timed(async () => {
    const operation = await session.executeStatement(STATEMENTS[work], { namedParameters: { text: 'x' } });
    const rows = await operation.fetchAll();
    await operation.close();
    return rows;
  });
}
