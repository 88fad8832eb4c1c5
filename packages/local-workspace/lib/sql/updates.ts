import { condition } from './compile/logic';
import type { Context, KnownColumn, KnownTable, Place } from './compile/context';
import { compileExpression } from './compile/expression';
import type { Column } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { identifier } from './quote';
import { SqlError, unsupported } from './SqlError';
import { columnNamed, inside, isDefault, targetPlace } from './statements';
import { stored } from './stored';

export function compileUpdate(update: Node, context: Context): string {
  if (update['from_clause'] || (Array.isArray(update['from_joins']) && update['from_joins'].length > 0))
    throw unsupported('UPDATE … FROM');
  const given = update['alias'] ? { table: { ...inside(update['table']), alias: update['alias'] } } : update['table'];
  const { known, text, place } = targetPlace(given, context);
  const list = (Array.isArray(update['set']) ? update['set'] : []) as unknown[][];
  const targets = list.map(([column]) => columnNamed(known, updatedColumn(column, known, place)));
  const sets = list.map(([, value], i) => {
    const target = targets[i] as KnownColumn;
    const sql = isDefault(value) ? 'DEFAULT' : stored(compileExpression(value, place), target);
    return `${identifier(target.name)} = ${sql}`;
  });
  checkSetOnce(targets);
  return `UPDATE ${text} SET ${sets.join(', ')}${where(update, place)}`;
}

/** Throws for a column that is set twice. */
export function checkSetOnce(columns: readonly Column[]): void {
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (!twice) return;
  const text = `There is a conflict from these SET columns: ${twice.name}.`;
  throw new SqlError('DELTA_CONFLICT_SET_COLUMN', '42701', text);
}

/** The column that is set; the parser gives it as one name, with that of the table or its alias before it. */
function updatedColumn(given: unknown, { columns }: KnownTable, { scope }: Place): string {
  if (!isNode(given)) return '';
  const name = String(given['name']);
  const end = given['quoted'] === true ? -1 : name.lastIndexOf('.');
  if (end < 0) return name;
  const before = name.slice(0, end).toLowerCase();
  if (scope.sources.some(({ names }) => names.includes(before))) return name.slice(end + 1);
  if (columns.some((column) => before.split('.').includes(column.name.toLowerCase())))
    throw unsupported('UPDATE of a field of a struct');
  return name;
}

function where(node: Node, place: Place): string {
  return isNode(node['where_clause']) ? ` WHERE ${condition(node['where_clause']['this'], place, 'WHERE')}` : '';
}

export function compileDelete(inner: Node, context: Context): string {
  const given = inner['alias'] ? { table: { ...inside(inner['table']), alias: inner['alias'] } } : inner['table'];
  const { text, place } = targetPlace(given, context);
  return `DELETE FROM ${text}${where(inner, place)}`;
}
