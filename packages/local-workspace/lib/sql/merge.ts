import { castTo } from './compile/cast';
import { condition } from './compile/logic';
import type { Context, KnownTable, Place } from './compile/context';
import { compileExpression } from './compile/expression';
import { compileFrom } from './compile/from';
import type { Column } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { identifier } from './quote';
import { SqlError, unsupported } from './SqlError';
import { targetPlace } from './statements';

/** MERGE in DuckDB's dialect; values become the types of their columns. */
export function compileMerge(merge: Node, context: Context): string {
  const { known, text, place } = targetPlace(merge['this'], context);
  const before = place.scope.sources.length;
  const source = compileFrom({ from: { expressions: [merge['using']] } }, place);
  const offered = place.scope.sources
    .slice(before)
    .flatMap((each) => each.columns.map((column) => ({ ...column, qualifier: each.qualifier })));
  const on = condition(merge['on'], place, 'JOIN');
  const list =
    isNode(merge['whens']) && isNode(merge['whens']['whens']) ? merge['whens']['whens']['expressions'] : undefined;
  const whens = (Array.isArray(list) ? (list as unknown[]) : []).map((item) => {
    const when = isNode(item) ? item['when'] : undefined;
    if (!isNode(when)) throw unsupported('This MERGE');
    return clause(when, place, known, offered);
  });
  return `MERGE INTO ${text} USING ${source} ON ${on} ${whens.join(' ')}`;
}

type Offered = Column & { qualifier: string };

function truth(node: unknown): boolean {
  return isNode(node) && isNode(node['boolean']) && node['boolean']['value'] === true;
}

function clause(when: Node, place: Place, known: KnownTable, offered: readonly Offered[]): string {
  const matched = truth(when['matched'])
    ? 'WHEN MATCHED'
    : truth(when['source'])
      ? 'WHEN NOT MATCHED BY SOURCE'
      : 'WHEN NOT MATCHED';
  const test = isNode(when['condition']) ? ` AND ${condition(when['condition'], place, 'WHERE')}` : '';
  return `${matched}${test} THEN ${action(when['then'], place, known, offered)}`;
}

function action(then: unknown, place: Place, known: KnownTable, offered: readonly Offered[]): string {
  const [verbNode, first, second] = isNode(then) && isNode(then['tuple']) ? items(then) : [then];
  const verb = isNode(verbNode) && isNode(verbNode['var']) ? String(verbNode['var']['this']).toUpperCase() : '';
  const all = isNode(first) && 'star' in first;
  switch (verb) {
    case 'DELETE':
      return 'DELETE';
    case 'UPDATE': {
      if (all)
        return `UPDATE SET ${known.columns.flatMap((column) => match(column, offered, (value) => `${identifier(column.name)} = ${value}`)).join(', ')}`;
      const sets = items(first).map((assignment) => {
        const eq = isNode(assignment) ? assignment['eq'] : undefined;
        if (!isNode(eq)) throw unsupported('This assignment');
        const target = columnNamed(known, nameOf(eq['left']));
        return `${identifier(target.name)} = ${castTo(compileExpression(eq['right'], place), target.type).sql}`;
      });
      return `UPDATE SET ${sets.join(', ')}`;
    }
    case 'INSERT': {
      if (all) {
        const pairs = known.columns.flatMap((column) =>
          match(column, offered, (value) => [identifier(column.name), value] as const),
        );
        return `INSERT (${pairs.map(([name]) => name).join(', ')}) VALUES (${pairs.map(([, value]) => value).join(', ')})`;
      }
      const [columns, values] =
        second === undefined
          ? [known.columns, items(first)]
          : [items(first).map((column) => columnNamed(known, nameOf(column))), items(second)];
      const texts = values.map(
        (value, i) => castTo(compileExpression(value, place), columns[i]?.type ?? { kind: 'void' }).sql,
      );
      return `INSERT (${columns.map(({ name }) => identifier(name)).join(', ')}) VALUES (${texts.join(', ')})`;
    }
    default:
      throw unsupported(`MERGE … THEN ${verb}`);
  }
}

function match<T>(column: Column, offered: readonly Offered[], make: (value: string) => T): T[] {
  const source = offered.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
  return source
    ? [make(castTo({ sql: `${source.qualifier}.${identifier(source.name)}`, type: source.type }, column.type).sql)]
    : [];
}

function items(node: unknown): unknown[] {
  const inner = isNode(node) && isNode(node['tuple']) ? node['tuple']['expressions'] : undefined;
  if (Array.isArray(inner)) return inner as unknown[];
  return isNode(node) && isNode(node['paren']) ? [node['paren']['this']] : [];
}

/** The last part of a written name. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  const { column, identifier: plain } = node;
  if (isNode(column) && isNode(column['name'])) return String(column['name']['name']);
  return isNode(plain) ? String(plain['name']) : '';
}

function columnNamed(table: KnownTable, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (column) return column;
  throw new SqlError(
    'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    '42703',
    `A column, variable, or function parameter with name \`${name}\` cannot be resolved.`,
  );
}
