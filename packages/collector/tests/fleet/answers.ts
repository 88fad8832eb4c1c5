import type { FleetStatement } from './facts';

/** Nearest rank, from the values themselves; null when there are none. */
export function quantile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
}

const FAILED = new Set(['failed', 'timed_out']);

export function isFailed({ outcome }: FleetStatement): boolean {
  return outcome !== null && FAILED.has(outcome);
}

interface Answers {
  readonly statements: number;
  readonly failed: number;
  readonly outcomeUnknown: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly bytes: number;
  readonly retries: number;
  readonly retried: number;
  readonly saved: number;
  readonly lost: number;
  /** Failures by class, or by SQLSTATE where there is none. */
  readonly errors: ReadonlyMap<string, number>;
  readonly causes: ReadonlyMap<string, number>;
  readonly cloudFetch: number;
  readonly files: number;
  readonly slowestFileMs: number | null;
}

/** What is to be answered about these statements, counted from what they are and not from what was stored. */
export function answersOf(statements: readonly FleetStatement[]): Answers {
  const sum = (of: (statement: FleetStatement) => number | null): number =>
    statements.reduce((all, statement) => all + (of(statement) ?? 0), 0);
  const count = (fits: (statement: FleetStatement) => boolean): number => statements.filter(fits).length;
  const latencies = statements.map(({ latencyMs }) => latencyMs);
  const isRetried = ({ retries }: FleetStatement): boolean => (retries ?? 0) > 0;
  const withFiles = statements.flatMap(({ files }) => files ?? []);
  const causes = statements.flatMap((statement) =>
    (statement.causes ?? '').split(' ').flatMap((part): [string, number][] => {
      const [cause = '', times = '0'] = part.split(':');
      return cause === '' ? [] : [[cause, Number(times)]];
    }),
  );
  return {
    statements: statements.length,
    failed: count(isFailed),
    outcomeUnknown: count(({ outcome }) => outcome === null),
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    bytes: sum(({ bytes }) => bytes),
    retries: sum(({ retries }) => retries),
    retried: count(isRetried),
    saved: count((statement) => isRetried(statement) && statement.outcome === 'delivered'),
    lost: count((statement) => isRetried(statement) && isFailed(statement)),
    errors: totals(statements.flatMap(({ error }): [string, number][] => (error === null ? [] : [[kindOf(error), 1]]))),
    causes: totals(causes),
    cloudFetch: count(({ format }) => format === 'EXTERNAL_LINKS'),
    files: withFiles.reduce((all, files) => all + files.count, 0),
    slowestFileMs: withFiles.length === 0 ? null : Math.max(...withFiles.map(({ slowestMs }) => slowestMs)),
  };
}

const kindOf = ({ errorClass, sqlState }: { errorClass: string | null; sqlState: string | null }): string =>
  errorClass ?? sqlState ?? '';

function totals(parts: readonly (readonly [string, number])[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const [name, value] of parts) all.set(name, (all.get(name) ?? 0) + value);
  return all;
}
