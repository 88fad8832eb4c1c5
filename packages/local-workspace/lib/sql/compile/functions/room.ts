import type { SqlType } from '../../../engine/types';
import type { Typed } from '../Typed';

/**
 * The database counts no memory of lists and texts, and nothing ends one from outside while it is made. What multiplies
 * therefore asks for room first: `__room`, `__fits` and `__alive` fail when there is none, `__alive` also when its statement
 * is to end.
 */
const GROWING: ReadonlySet<SqlType['kind']> = new Set(['string', 'binary', 'array', 'map', 'struct', 'variant']);

/** Function and factor that give the bytes of a value. */
const SIZES: Readonly<Partial<Record<SqlType['kind'], readonly [string, number]>>> = {
  string: ['strlen', 1],
  binary: ['octet_length', 1],
  array: ['len', 8],
};

const REFERENCE = /^[\w."]+$/;
const SHORT_TEXT = /^'[^']{0,64}'$/;

/** The body of a lambda, of whose answers a list is made; `own` is its variable, which the list has already. */
export function repeated({ sql, type }: Typed, own?: string): string {
  if (!GROWING.has(type.kind) || sql === own || SHORT_TEXT.test(sql)) return sql;
  const size = REFERENCE.test(sql) ? SIZES[type.kind] : undefined;
  return size ? roomFor(sql, size, sql) : `CASE WHEN __alive() THEN ${sql} END`;
}

/** A body that is a loop itself: the outer one can be ended each time that it comes by. */
export function endable(body: Typed): Typed {
  return body.sql.includes('lambda ') ? { ...body, sql: `CASE WHEN __alive() THEN ${body.sql} END` } : body;
}

/** The body of a fold that can be ended at every `each`th element; `i` is the variable that counts them. */
export function endableStep(body: string, i: string, each: number): string {
  return `CASE WHEN (CASE WHEN ${i} % ${each} = 0 THEN __alive() ELSE true END) THEN ${body} END`;
}

/** The body of a fold over `state`, which it may make larger each time. */
export function folded(body: string, state: Typed): string {
  const size = SIZES[state.type.kind];
  if (size) return roomFor(state.sql, size, body);
  return GROWING.has(state.type.kind) ? `CASE WHEN __alive() THEN ${body} END` : body;
}

function roomFor(sql: string, [length, factor]: readonly [string, number], made: string): string {
  return `CASE WHEN coalesce(__fits(${length}(${sql}), ${factor}), 0) >= 0 THEN ${made} END`;
}

/** So many values can be put together without asking. */
export const FEW = 16;

/**
 * Arrays of which one is made, when there are many. The first of them asks for the room: what is constant is computed beforehand,
 * from the inside out, whatever stands around it.
 */
export function together(arrays: readonly string[]): readonly string[] {
  const [first, ...rest] = arrays;
  if (first === undefined || arrays.length <= FEW) return arrays;
  const lengths = arrays.map((sql) => `coalesce(len(${sql}), 0)`).join(' + ');
  return [`CASE WHEN __room(8 * (${lengths}), 0) = 0 THEN ${first} END`, ...rest];
}

/** A text made of many, two halves at a time: one behind the other each would be copied as often as there are more. */
export function joined(pieces: readonly string[]): string {
  const lengths = pieces.map((sql) => `strlen(${sql})`).join(' + ');
  return `(CASE WHEN __room(${lengths}, 0) = 0 THEN ${halves(pieces)} END)`;
}

function halves(pieces: readonly string[]): string {
  if (pieces.length === 1) return pieces[0] ?? '';
  const middle = Math.ceil(pieces.length / 2);
  return `(${halves(pieces.slice(0, middle))} || ${halves(pieces.slice(middle))})`;
}
