import type { AnswerRow, Database, Rows } from '../queries/Query';
import { bucketsByPart, countsByPart, countsOf, HOUR_MS, sumsByPart, type Parted } from './parted';

/** A window is asked for in about as many parts, of whole hours. */
const PARTS = 32;
/** Rows that are kept of all questions together; questions and parts count as one each. */
const MAX_WEIGHT = 200_000;
/** So many numbers of a list take the room of a row. */
const NUMBERS_PER_ROW = 12;
/** Of what is read in pieces. */
const PARTS_AT_ONCE = 8;
/** More gaps than this are read as one. */
const MAX_GAPS = 4;

export const hourOf = (timeMs: number): number => Math.floor(timeMs / HOUR_MS);

interface Part {
  readonly rows: readonly AnswerRow[];
  /** Up to which change it is true. */
  readonly asOf: number;
}

interface Gap {
  readonly fromMs: number;
  toMs: number;
}

/**
 * What the hours of the store add up to, by question, until a row of theirs changes. A question about days then reads
 * what has changed since it was last asked; its answer is the same as if all had been read.
 */
export class Summaries {
  private readonly kept = new Map<string, Map<number, Part>>();
  private weight = 0;
  private changes = 0;
  /** The last change of each hour. */
  private readonly changed = new Map<number, number>();
  /** What was asked before this change is not kept. */
  private clearedAt = 0;
  /** What is being read, by change and SQL: questions of one picture share what they have in common. */
  private readonly reading = new Map<string, Promise<AnswerRow[]>>();

  /** `rows` with what is kept. */
  over(rows: Rows): Database {
    return {
      rows: (sql) => rows.rows(sql),
      sums: (question) => this.answer(sumsByPart(question), rows),
      counts: async (question) => (await this.answer(countsByPart(question), rows)).map(countsOf),
      buckets: (question) => this.answer(bucketsByPart(question), rows),
      exactQuantiles: (column, ps) => `quantile_disc(${column}, [${ps.join(', ')}])`,
    };
  }

  /**
   * Runs what changes rows of `hours`. Until it has ended nothing that is kept of them counts: a commit is seen by
   * questions before whoever commits knows of it.
   */
  async duringChange<T>(hours: Iterable<number> | 'all', work: () => Promise<T>): Promise<T> {
    this.changingIn(hours);
    try {
      return await work();
    } finally {
      this.changedIn(hours);
    }
  }

  /** Rows of these hours are about to change; `changedIn` follows. */
  changingIn(hours: Iterable<number> | 'all'): void {
    if (hours === 'all') this.clear(Infinity);
    else for (const hour of hours) this.changed.set(hour, Infinity);
  }

  /** Rows of these hours have changed, or may have. */
  changedIn(hours: Iterable<number> | 'all'): void {
    this.changes += 1;
    if (hours === 'all') this.clear(this.changes);
    else for (const hour of hours) this.changed.set(hour, this.changes);
  }

  private async answer(question: Parted, database: Rows): Promise<AnswerRow[]> {
    const { selection, unitMs, sql } = question;
    const { fromMs, toMs } = selection;
    const partMs = unitMs * Math.ceil((toMs - fromMs) / PARTS / unitMs);
    const name = `${partMs} ${sql({ ...selection, fromMs: 0, toMs: 0 }, partMs)}`;
    const asOf = this.changes;
    const known = this.trueParts(name, partMs);
    const gaps = gapsOf(fromMs, toMs, partMs, (part) => known.has(part));
    const isRead = (part: number): boolean =>
      gaps.some((gap) => part * partMs >= gap.fromMs && part * partMs < gap.toMs);
    const read = await this.read(question, partMs, gaps, database);
    const answer: (readonly AnswerRow[])[] = [...read.values()];
    const fresh = new Map<number, Part>();
    for (let part = Math.ceil(fromMs / partMs); part < Math.floor(toMs / partMs); part += 1) {
      if (isRead(part)) fresh.set(part, { rows: read.get(part) ?? [], asOf });
      else answer.push(known.get(part)?.rows ?? []);
    }
    if (asOf >= this.clearedAt) this.keep(name, partMs, fresh);
    return answer.flat();
  }

  private clear(at: number): void {
    this.clearedAt = at;
    this.kept.clear();
    this.changed.clear();
    this.weight = 0;
  }

  /** What is kept of the question and still true. */
  private trueParts(name: string, partMs: number): Map<number, Part> {
    const changed = new Map<number, number>();
    for (const [hour, change] of this.changed) {
      const part = Math.floor((hour * HOUR_MS) / partMs);
      changed.set(part, Math.max(change, changed.get(part) ?? 0));
    }
    const parts = this.kept.get(name) ?? new Map<number, Part>();
    return new Map([...parts].filter(([part, { asOf }]) => (changed.get(part) ?? 0) <= asOf));
  }

  /** The rows of the gaps by part. */
  private async read(
    { selection, sql, inPieces }: Parted,
    partMs: number,
    gaps: readonly Gap[],
    database: Rows,
  ): Promise<Map<number, AnswerRow[]>> {
    const parts = new Map<number, AnswerRow[]>();
    const asked = (gap: Gap): string => `SELECT * FROM (${sql({ ...selection, ...gap }, partMs)})`;
    const questions =
      inPieces === true
        ? gaps.flatMap((gap) => piecesOf(gap, PARTS_AT_ONCE * partMs)).map(asked)
        : gaps.length === 0
          ? []
          : [gaps.map(asked).join(' UNION ALL ')];
    for (const question of questions) {
      for (const row of await this.readOnce(question, database)) {
        const part = Number(row['part']);
        const rows = parts.get(part);
        if (rows === undefined) parts.set(part, [row]);
        else rows.push(row);
      }
    }
    return parts;
  }

  /** Of those who ask the same at the same time one reads; when that one fails or leaves, each other reads itself. */
  private async readOnce(sql: string, database: Rows): Promise<AnswerRow[]> {
    const key = `${this.changes} ${sql}`;
    const other = this.reading.get(key);
    if (other !== undefined) return other.catch(() => database.rows(sql));
    const rows = database.rows(sql);
    this.reading.set(key, rows);
    try {
      return await rows;
    } finally {
      this.reading.delete(key);
    }
  }

  /** The question that was asked longest ago goes first. */
  private keep(name: string, partMs: number, fresh: ReadonlyMap<number, Part>): void {
    const parts = this.trueParts(name, partMs);
    for (const [part, one] of fresh) if ((parts.get(part)?.asOf ?? 0) <= one.asOf) parts.set(part, one);
    this.forget(name);
    this.kept.set(name, parts);
    this.weight += weightOf(parts);
    for (const oldest of this.kept.keys()) {
      if (this.weight <= MAX_WEIGHT) break;
      this.forget(oldest);
    }
  }

  private forget(name: string): void {
    this.weight -= weightOf(this.kept.get(name) ?? new Map<number, Part>());
    this.kept.delete(name);
  }
}

function weightOf(parts: ReadonlyMap<number, Part>): number {
  let weight = 1;
  for (const { rows } of parts.values()) {
    weight += 1;
    for (const { values } of rows) weight += Array.isArray(values) ? 1 + (2 * values.length) / NUMBERS_PER_ROW : 1;
  }
  return weight;
}

/** What is not known of the window, in few pieces. */
function gapsOf(fromMs: number, toMs: number, partMs: number, isKnown: (part: number) => boolean): Gap[] {
  const gaps: Gap[] = [];
  const add = (from: number, to: number): void => {
    const last = gaps.at(-1);
    if (from >= to) return;
    if (last?.toMs === from) last.toMs = to;
    else gaps.push({ fromMs: from, toMs: to });
  };
  const [first, end] = [Math.ceil(fromMs / partMs), Math.floor(toMs / partMs)];
  if (first > end) return [{ fromMs, toMs }];
  add(fromMs, first * partMs);
  for (let part = first; part < end; part += 1) if (!isKnown(part)) add(part * partMs, (part + 1) * partMs);
  add(end * partMs, toMs);
  const [earliest, latest] = [gaps[0], gaps.at(-1)];
  if (gaps.length <= MAX_GAPS || earliest === undefined || latest === undefined) return gaps;
  return [{ fromMs: earliest.fromMs, toMs: latest.toMs }];
}

/** In pieces that end at multiples of `pieceMs`. */
function piecesOf({ fromMs, toMs }: Gap, pieceMs: number): Gap[] {
  const pieces: Gap[] = [];
  for (let from = fromMs; from < toMs;) {
    const to = Math.min(toMs, (Math.floor(from / pieceMs) + 1) * pieceMs);
    pieces.push({ fromMs: from, toMs: to });
    from = to;
  }
  return pieces;
}
