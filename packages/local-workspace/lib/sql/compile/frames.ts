import { isNode, type Node } from '../nodes';
import { SqlError, unsupported } from '../SqlError';
import { UTC } from '../zones';
import { isSuffixed } from './access';
import { castTo } from './cast';
import type { Place } from './context';
import { compileExpression } from './expression';
import { raise } from './failures';
import { detailOf } from './intervals';
import { duckType, isInterval, isMoment, isNumeric, sameType } from './sqlTypes';
import { DATE, INT, kindOf, type Typed } from './Typed';

/** What rows of a window are ordered by; `nodes` are its keys. */
export interface Ordering {
  readonly nodes: readonly unknown[];
  readonly place: Place;
}

interface Bound {
  /** Whether the frame reaches back to it. */
  readonly isBehind: boolean;
  readonly value: Typed;
}

/** The frame of a window. Throws for bounds that Spark does not take. */
export function frameText(frame: Node, ordering: Ordering): string {
  const kind = String(frame['kind']).toUpperCase();
  if (kind !== 'ROWS' && kind !== 'RANGE') throw unsupported(`A frame of ${kind}`);
  if (frame['start'] === 'UnboundedFollowing' || frame['end'] === 'UnboundedPreceding')
    throw misfit('SPECIFIED_WINDOW_FRAME_INVALID_BOUND');
  if (isBackwards(frame)) throw unsupported('A frame that ends before it starts');
  const { place } = ordering;
  const given = [boundOf(frame['start'], place), boundOf(frame['end'], place)] as const;
  const fitted = kind === 'ROWS' ? given.map((bound) => bound && rows(bound)) : ranges(given, ordering);
  const [start, end] = fitted;
  if (start && end) checkDirection(start, end);
  const [from, to] = [textOf(start, frame['start']), textOf(end, frame['end'])];
  return `${kind} BETWEEN ${from} AND ${to}`;
}

function misfit(name: string): SqlError {
  return new SqlError(
    `DATATYPE_MISMATCH.${name}`,
    '42K09',
    'Cannot resolve the window due to data type mismatch: its frame does not fit what it is ordered by.',
  );
}

function isBackwards({ start, end }: Node): boolean {
  const ends = isNode(end) && 'Preceding' in end;
  if (isNode(start) && 'Following' in start) return ends || end === 'CurrentRow' || end === null || end === undefined;
  return start === 'CurrentRow' && ends;
}

function boundOf(node: unknown, place: Place): Bound | undefined {
  if (!isNode(node)) return undefined;
  const isBehind = isNode(node['Preceding']);
  const value = isBehind ? node['Preceding'] : node['Following'];
  if (!isFoldable(value, place))
    throw new SqlError(
      'INVALID_SQL_SYNTAX.INVALID_WINDOW_FRAME_BOUND',
      '42000',
      'The bound of a window frame must be a literal.',
    );
  return { isBehind, value: compileExpression(value, place) };
}

const LITERALS: ReadonlySet<string> = new Set(['literal', 'interval', 'null', 'boolean', 'parameter']);
const WRAPS: ReadonlySet<string> = new Set(['paren', 'neg', 'cast', 'sqrt']);
const OPERATORS: ReadonlySet<string> = new Set(['add', 'sub', 'mul']);

/** Whether a value is made of literals, and of operators between such of one type. */
function isFoldable(node: unknown, place: Place): boolean {
  if (!isNode(node)) return false;
  const kind = kindOf(node);
  const inner = node[kind];
  if (LITERALS.has(kind) || isSuffixed(node)) return true;
  if (!isNode(inner)) return false;
  if (WRAPS.has(kind)) return isFoldable(inner['this'], place);
  const { left, right } = inner;
  if (!OPERATORS.has(kind) || !isFoldable(left, place) || !isFoldable(right, place)) return false;
  const [a, b] = [compileExpression(left, place).type, compileExpression(right, place).type];
  // `INTERVAL 1 DAY 2 HOURS` is a sum.
  return sameType(a, b) || (kind !== 'mul' && isInterval(a) && a.kind === b.kind);
}

function rows(bound: Bound): Bound {
  if (bound.value.type.kind === 'int') return bound;
  throw misfit('SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE');
}

/** The bounds as values of the type by which the key moves. */
function ranges(bounds: readonly (Bound | undefined)[], { nodes, place }: Ordering): (Bound | undefined)[] {
  if (!bounds.some((bound) => bound)) return [...bounds];
  const [node] = nodes;
  if (nodes.length !== 1 || !isNode(node))
    throw misfit(nodes.length === 0 ? 'RANGE_FRAME_WITHOUT_ORDER' : 'RANGE_FRAME_MULTI_ORDER');
  const key = compileExpression(node['this'], place);
  const fitted = bounds.map((bound) => bound && { ...bound, value: offset(bound.value, key, place) });
  const [a, b] = fitted;
  if (a && b && detailOf(a.value.type) !== detailOf(b.value.type)) throw misfit('SPECIFIED_WINDOW_FRAME_DIFF_TYPES');
  return fitted.map((bound) => bound && { ...bound, value: guarded(bound, key, node['desc'] === true) });
}

function offset(value: Typed, key: Typed, { context }: Place): Typed {
  const { type } = value;
  if (type.kind === 'void') throw unsupported('A frame up to NULL');
  if (isInterval(key.type)) throw unsupported('A RANGE frame over intervals');
  if (isNumeric(key.type)) {
    if (isInterval(type)) throw unsupported('A RANGE frame of an interval over numbers');
    return { ...value, ...castTo(value, key.type) };
  }
  if (!isMoment(key.type)) throw misfit('SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE');
  const isDate = sameType(key.type, DATE);
  const fits = isDate
    ? sameType(type, INT) || type.kind === 'interval year to month' || detailOf(type) === 'interval day'
    : isInterval(type);
  if (!fits) throw misfit('RANGE_FRAME_INVALID_TYPE');
  if (key.type.kind === 'timestamp' && context.environment.zone.name !== UTC.name)
    throw unsupported('A RANGE frame over instants in another time zone than UTC');
  return value;
}

const BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, int: 31n, bigint: 63n };

/** Fails where the key, moved by the offset, is beyond what its type holds: whether Spark notices depends on the other rows. */
function guarded({ isBehind, value }: Bound, { sql, type }: Typed, isDescending: boolean): Typed {
  const bits = BITS[type.kind];
  const isFull = type.kind === 'decimal' && (type.precision === 18 || type.precision === 38);
  if (bits === undefined && !isFull) return value;
  if (isFull) throw unsupported(`A RANGE frame over ${duckType(type)}`);
  const isDown = isBehind !== isDescending;
  const moved = `CAST(${sql} AS HUGEINT) ${isDown ? '-' : '+'} CAST(${value.sql} AS HUGEINT)`;
  const [smallest, largest] = [-(2n ** (bits ?? 0n)), 2n ** (bits ?? 0n) - 1n];
  const beyond = unsupported(`A RANGE frame beyond what a ${type.kind.toUpperCase()} holds`);
  const failing = raise(beyond.condition, beyond.sqlState, beyond.text);
  return {
    ...value,
    sql: `(CASE WHEN ${moved} NOT BETWEEN ${smallest} AND ${largest} THEN ${failing} ELSE ${value.sql} END)`,
  };
}

function checkDirection(start: Bound, end: Bound): void {
  const [from, to] = [amountOf(start), amountOf(end)];
  if (from === undefined || to === undefined) throw unsupported('A frame between computed bounds');
  if (from > to) throw misfit('SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON');
}

/** How far a bound is ahead of the row; undefined for what is computed. */
function amountOf({ isBehind, value: { constant, sql, type } }: Bound): number | undefined {
  const interval = /^\(*(-?)to_\w+\(CAST\((-?\d+) AS \w+\)\)+$/.exec(sql);
  const amount = isInterval(type) ? interval && Number(`${interval[1]}1`) * Number(interval[2]) : Number(constant);
  return amount === null || Number.isNaN(amount) ? undefined : isBehind ? -amount : amount;
}

function textOf(bound: Bound | undefined, node: unknown): string {
  if (bound) return `${bound.value.sql} ${bound.isBehind ? 'PRECEDING' : 'FOLLOWING'}`;
  if (node === 'UnboundedPreceding') return 'UNBOUNDED PRECEDING';
  return node === 'UnboundedFollowing' ? 'UNBOUNDED FOLLOWING' : 'CURRENT ROW';
}
