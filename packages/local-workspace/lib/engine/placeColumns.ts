import type { Alteration, PlacedColumn } from '../sql/alterTable';
import { quotedName } from '../sql/databricksText';
import { SqlError, unsupported } from '../sql/SqlError';
import { checkNames } from '../sql/tableColumns';
import { definitionOf, type Definition } from './createStatement';
import { columnType, type DescribedColumn } from './describeQueries';
import { planStatement } from './plan';
import { rebuild, refuseParents } from './rebuildTable';
import { runDdl } from './runDdl';
import { queryWithoutParameters, type CommandContext } from './showQueries';
import { runSteps } from './steps';
import { typeName } from './types';

/** ADD COLUMNS with their places, and REPLACE COLUMNS, which says all columns anew. Rejects with a SqlError. */
export async function placeColumns(
  table: Definition,
  { added, isAll }: Extract<Alteration, { to: 'columns' }>,
  context: CommandContext,
): Promise<undefined> {
  checkNames(added.map(({ column }) => column));
  await refuseParents(table, context);
  const fresh = added.filter(({ column }) => !isAll || !find(table.columns, column));
  if (isAll) await checkReplaced(table, added, context);
  else checkPlaces(table, added);
  const before = fresh.length === 0 ? table : await grown(table, fresh, context);
  const columns = isAll
    ? added.flatMap((column) => withComment(find(before.columns, column.column), column))
    : fresh.reduce(placed, before.columns);
  const operation = isAll ? 'REPLACE COLUMNS' : 'ADD COLUMNS';
  const parameters = { columns: JSON.stringify(added.map(({ column, type }) => ({ name: column, type }))) };
  return rebuild(before, { ...before, columns }, { operation, parameters }, context);
}

const find = (columns: readonly DescribedColumn[], name: string): DescribedColumn | undefined =>
  columns.find((column) => column.name.toLowerCase() === name.toLowerCase());

const withComment = (column: DescribedColumn | undefined, { comment }: PlacedColumn): DescribedColumn[] =>
  column ? [{ ...column, comment }] : [];

/** The table with the columns behind its own. */
async function grown(table: Definition, fresh: readonly PlacedColumn[], context: CommandContext): Promise<Definition> {
  const { connection, session } = context;
  const name = [table.catalog, table.schema, table.name];
  const texts = fresh.map(({ text }) => text).join(', ');
  const plan = await planStatement(`ALTER TABLE ${name.map(quotedName).join('.')} ADD COLUMNS (${texts})`, [], context);
  if (plan.kind !== 'ddl') throw unsupported('This ALTER TABLE');
  const { change: _change, sql, ...more } = plan;
  await runDdl(more, connection, session, async () => (await runSteps(sql, context)).rowsChanged);
  context.database.changed();
  return definitionOf(name, context);
}

function placed(columns: readonly DescribedColumn[], { column, place }: PlacedColumn): readonly DescribedColumn[] {
  const moved = find(columns, column);
  if (!moved || place === 'LAST') return columns;
  const others = columns.filter((other) => other !== moved);
  const target = place === 'FIRST' ? undefined : find(others, place.after);
  const at = target ? others.indexOf(target) + 1 : 0;
  return [...others.slice(0, at), moved, ...others.slice(at)];
}

/** A column stands behind one of the table or one that is added before it. */
function checkPlaces({ columns }: Definition, added: readonly PlacedColumn[]): void {
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  for (const { column, place } of added) {
    if (known.has(column.toLowerCase())) throw fieldError('FIELD_ALREADY_EXISTS', '42710', column);
    if (typeof place === 'object' && !known.has(place.after.toLowerCase()))
      throw fieldError('FIELD_NOT_FOUND', '42704', place.after);
    known.add(column.toLowerCase());
  }
}

function fieldError(condition: string, sqlState: string, column: string): SqlError {
  const what = condition === 'FIELD_NOT_FOUND' ? 'No such struct field' : 'Cannot add column, because there is already';
  return new SqlError(condition, sqlState, `${what} \`${column}\`.`);
}

/** The columns of the table have to be there with their types, as in Delta. */
async function checkReplaced(
  table: Definition,
  added: readonly PlacedColumn[],
  context: CommandContext,
): Promise<void> {
  for (const column of table.columns) {
    const given = added.find(({ column: name }) => name.toLowerCase() === column.name.toLowerCase());
    if (!given) throw notReplaced(`Dropping column(s): ${column.name}`);
    const query = `SELECT CAST(NULL AS ${given.type}) AS c`;
    const { columns } = await queryWithoutParameters(query, 'REPLACE COLUMNS', context);
    const type = columns[0] && typeName(columns[0].type);
    if (type !== columnType({ ...column, declaredType: undefined }))
      throw notReplaced(`Changing column ${column.name} from ${columnType(column)} to ${type ?? ''}`);
  }
}

function notReplaced(details: string): SqlError {
  return new SqlError(
    'DELTA_UNSUPPORTED_ALTER_TABLE_REPLACE_COL_OP',
    '0AKDC',
    `Unsupported ALTER TABLE REPLACE COLUMNS operation. Reason: ${details}.`,
  );
}
