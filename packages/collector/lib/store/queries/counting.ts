import type { Selection } from '../Selection';
import { numberOf, type AnswerRow, type Database } from './Query';

/** Statements of a window that stand for others as well, because their services send samples. */
export interface Sampled {
  /** How many of them were received. */
  readonly statements: number;
  /** How many statements they stand for: the sum of what 1 divided by their rates is. */
  readonly estimated: number;
}

/**
 * SQL that counts the statements of a window: row by row, or by their weights where some stand for others. Weighted
 * counts are no whole numbers; they are rounded where nothing is added up any more.
 */
export interface Counting {
  /** Null when each statement stands for itself alone. */
  readonly sampled: Sampled | null;
  /** Counts rows. */
  readonly rows: string;
  /** What follows a value in a sum. */
  readonly times: string;
  /** One more column, `squares`, from which the worth of a weighted count follows. */
  readonly squares: string;
  /** Counts the rows that `condition` holds for. */
  readonly where: (condition: string) => string;
  /** Counts the rows that know `column`. */
  readonly known: (column: string) => string;
  /** As many statements of weight 1 tell as much as `statements` estimated ones (Kish's effective size). */
  readonly effective: (statements: number) => number;
}

const BY_ROW: Counting = {
  sampled: null,
  rows: 'count(*)',
  times: '',
  squares: '',
  where: (condition) => `count(*) FILTER (WHERE ${condition})`,
  known: (column) => `count("${column}")`,
  effective: (statements) => statements,
};

function byWeight(sampled: Sampled, squares: number): Counting {
  return {
    sampled: { ...sampled, estimated: Math.round(sampled.estimated) },
    rows: 'sum(weight)',
    times: ' * weight',
    squares: ', sum(weight * weight) AS squares',
    where: (condition) => `coalesce(sum(weight) FILTER (WHERE ${condition}), 0)`,
    known: (column) => `coalesce(sum(weight) FILTER (WHERE "${column}" IS NOT NULL), 0)`,
    effective: (statements) => statements ** 2 / Math.max(1, statements - sampled.estimated + squares),
  };
}

/** Those that stand for others as well. */
export const SAMPLED = '"sampleRate" > 0 AND "sampleRate" < 1';
const WORTH = 'count(*) AS statements, sum(weight) AS estimated, sum(weight * weight) AS squares';

/** How the statements that `where` holds for are to be counted. Segments without a rate are not even read. */
export async function countingWhere(database: Database, where: string): Promise<Counting> {
  return countingBy(await database.rows(`SELECT ${WORTH} FROM all_statements WHERE ${SAMPLED} AND ${where}`));
}

export async function countingOf(database: Database, selection: Selection): Promise<Counting> {
  return countingBy(await database.sums({ columns: WORTH, groups: 0, selection, where: SAMPLED }));
}

function countingBy(rows: readonly AnswerRow[]): Counting {
  const sum = (name: string): number => rows.reduce((all, row) => all + numberOf(row[name]), 0);
  const statements = sum('statements');
  return statements === 0 ? BY_ROW : byWeight({ statements, estimated: sum('estimated') }, sum('squares'));
}
