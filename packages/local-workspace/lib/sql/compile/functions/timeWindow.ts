import { isNode } from '../../nodes';
import { unsupported } from '../../SqlError';
import { MARK } from '../../marking';
import { castTo } from '../cast';
import { mismatch } from '../failures';
import { TIMESTAMP } from '../Typed';
import type { Rule } from './rules';
import { arg, argsOf, textArg } from './support';

const UNITS: Readonly<Record<string, number>> = {
  week: 604_800e6,
  day: 86_400e6,
  hour: 3_600e6,
  minute: 60e6,
  second: 1e6,
  millisecond: 1e3,
  microsecond: 1,
};

/** `window(moment, '10 minutes')`: from when to when the window lasts that the moment is in. */
export const timeWindow: Rule = (call) => {
  argsOf(call, 2, 4);
  const length = microseconds(textArg(call, 1, 'a duration'));
  if (length <= 0) throw mismatch('window()');
  if (call.args.length > 2 && microseconds(textArg(call, 2, 'a duration')) !== length)
    throw unsupported('window() with windows that overlap');
  const offset = call.args.length > 3 ? microseconds(textArg(call, 3, 'a duration')) : 0;
  const given = arg(call, 0);
  const moment = given.type.kind === 'timestamp_ntz' ? given : castTo(given, TIMESTAMP);
  const made = moment.type.kind === 'timestamp' ? 'make_timestamptz' : 'make_timestamp';
  const start = `__window_start(epoch_us(${moment.sql}), ${length}, ${offset})`;
  // Rows without a moment are in no window.
  call.place.scope.query.demands.add(`${moment.sql} IS NOT NULL`);
  return {
    sql: `struct_pack(start := ${made}(${start}), "end" := ${made}(${start} + ${length}))`,
    type: {
      kind: 'struct',
      fields: [
        { name: 'start', type: moment.type },
        { name: 'end', type: moment.type },
      ],
    },
  };
};

function microseconds(text: string): number {
  const parts = [...text.matchAll(/([+-]?\d+)\s*([a-z]+?)s?\b/gi)];
  const rest = text.replace(/([+-]?\d+)\s*([a-z]+)/gi, '').replace(/^\s*interval\b/i, '');
  if (parts.length === 0 || rest.trim() !== '') throw unsupported(`window() of '${text}'`);
  return parts.reduce((sum, [, count, unit = '']) => {
    const each = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
    if (each === undefined) throw unsupported(`window() of '${text}'`);
    return sum + Number(count) * each;
  }, 0);
}

export function isTimeWindow(node: unknown): boolean {
  const inner = isNode(node) ? node['function'] : undefined;
  return isNode(inner) && String(inner['name']).toLowerCase() === `${MARK}window`;
}

/** The window that rows are grouped by, which the select list knows as `window`. */
export function groupedWindow(clause: unknown): unknown {
  const nodes = isNode(clause) ? clause['expressions'] : undefined;
  return Array.isArray(nodes) ? (nodes as unknown[]).find(isTimeWindow) : undefined;
}
