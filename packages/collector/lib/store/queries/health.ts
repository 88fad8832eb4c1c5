import { OTHER_NAMES } from '../rows/intake';
import { bucketOf, type Selection } from '../Selection';
import { bucketStart, numberOf, numberOrNull, textOrNull, type Query } from './Query';

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** What became of the logs that arrived in the window, and what the store holds. */
export interface StoreHealth {
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicate: number;
  /** The longest time from arrival to visible in the window, in milliseconds; null when nothing arrived. */
  readonly maxLagMs: number | null;
  readonly rejectedBy: readonly NamedCount[];
  readonly unknownFields: readonly NamedCount[];
  readonly invalidFields: readonly NamedCount[];
  readonly bucketMs: number;
  readonly series: readonly {
    readonly timeMs: number;
    readonly received: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly duplicate: number;
    /** The longest time from arrival to visible, in milliseconds. */
    readonly maxLagMs: number;
  }[];
  readonly stored: {
    readonly statements: number;
    readonly sessions: number;
    readonly errors: number;
    readonly oldestMs: number | null;
    readonly newestMs: number | null;
  };
}

export const health: Query<{ readonly selection: Selection }, StoreHealth> = {
  async run(database, { selection }) {
    const { fromMs, toMs } = selection;
    const bucketMs = Math.max(60_000, bucketOf(selection, 130));
    const where = `"minuteMs" >= ${Math.floor(fromMs / 60_000) * 60_000} AND "minuteMs" < ${toMs}`;
    const [names, series, stored] = await Promise.all([
      database.rows(
        `SELECT kind, name, sum(count) AS count FROM intake_names WHERE ${where} GROUP BY 1, 2 ORDER BY 3 DESC, 2`,
      ),
      database.rows(
        `SELECT ${bucketStart('"minuteMs"', bucketMs)} AS "timeMs", sum(received) AS received, ` +
          'sum(accepted) AS accepted, sum(rejected) AS rejected, sum(duplicate) AS duplicate, ' +
          `max("lagMs") AS lag FROM intake WHERE ${where} GROUP BY 1 ORDER BY 1`,
      ),
      database.rows(
        'SELECT count(*) AS statements, min("timeMs") AS oldest, max("timeMs") AS newest, ' +
          '(SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM errors) AS errors FROM all_statements',
      ),
    ]);
    const total = (name: string): number => series.reduce((sum, row) => sum + numberOf(row[name]), 0);
    const named = (kind: string): NamedCount[] =>
      mostOf(
        names
          .filter((row) => row['kind'] === kind)
          .map((row) => ({ name: textOrNull(row['name']) ?? '', count: numberOf(row['count']) })),
      );
    return {
      received: total('received'),
      accepted: total('accepted'),
      rejected: total('rejected'),
      duplicate: total('duplicate'),
      maxLagMs: series.length === 0 ? null : Math.max(...series.map((row) => numberOf(row['lag']))),
      rejectedBy: named('rejected'),
      unknownFields: named('unknown'),
      invalidFields: named('invalid'),
      bucketMs,
      series: series.map((row) => ({
        timeMs: numberOf(row['timeMs']),
        received: numberOf(row['received']),
        accepted: numberOf(row['accepted']),
        rejected: numberOf(row['rejected']),
        duplicate: numberOf(row['duplicate']),
        maxLagMs: numberOf(row['lag']),
      })),
      stored: {
        statements: numberOf(stored[0]?.['statements']),
        sessions: numberOf(stored[0]?.['sessions']),
        errors: numberOf(stored[0]?.['errors']),
        oldestMs: numberOrNull(stored[0]?.['oldest']),
        newestMs: numberOrNull(stored[0]?.['newest']),
      },
    };
  },
};

const MAX_NAMES = 100;

/** The first of `counts`, most frequent first; senders choose the names, so that the rest counts as one. */
function mostOf(counts: readonly NamedCount[]): NamedCount[] {
  const named = counts.filter(({ name }) => name !== OTHER_NAMES);
  const shown = named.slice(0, MAX_NAMES);
  const total = (of: readonly NamedCount[]): number => of.reduce((sum, { count }) => sum + count, 0);
  const others = total(counts) - total(shown);
  return others === 0 ? shown : [...shown, { name: OTHER_NAMES, count: others }];
}
