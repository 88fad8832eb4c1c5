import { columnText, nameText, quotedName, textLiteral } from '../sql/databricksText';
import { SqlError } from '../sql/SqlError';
import { constantQuery, text } from './catalogQueries';
import { columnsOf, isTemporary, type DescribedColumn } from './describeQueries';
import { parseDuckType } from './duckTypeNames';
import { keysOf, type Key } from './keys';
import { notedTable, type NotedTable } from './notes';
import type { CommandContext } from './showQueries';
import { sqlTypeText } from './types';

/** All that a statement has to say to make a table or view again. */
export interface Definition extends NotedTable {
  readonly columns: readonly DescribedColumn[];
  readonly keys: readonly Key[];
}

/** SHOW CREATE TABLE. Rejects with a SqlError for what is no table or view of a catalog. */
export async function showCreate(name: readonly string[], context: CommandContext): Promise<string> {
  if (isTemporary(name, context)) throw onTemporaryView(name);
  return constantQuery(text('createtab_stmt'), [[createText(await definitionOf(name, context))]]);
}

export async function definitionOf(name: readonly string[], context: CommandContext): Promise<Definition> {
  const table = await notedTable(name, context.connection, context.session);
  const columns = await columnsOf([table.catalog, table.schema, table.name], context);
  return { ...table, columns, keys: await keysOf(table, context.connection) };
}

/** The statement that makes the table or view. */
export function createText(made: Definition): string {
  const name = [made.catalog, made.schema, made.name].map(nameText).join('.');
  const items =
    made.type === 'VIEW' ? made.columns.map(viewColumn) : [...made.columns.map(column), ...constraints(made)];
  return [
    `CREATE ${made.type} ${name} (\n  ${items.join(',\n  ')})`,
    ...(made.type === 'VIEW' ? [] : storage(made)),
    ...(made.comment === undefined ? [] : [`COMMENT ${textLiteral(made.comment)}`]),
    ...properties(made),
    ...(made.type === 'VIEW' ? ['WITH SCHEMA COMPENSATION', `AS ${made.notes.text ?? ''}`] : []),
  ].join('\n');
}

const commentOf = ({ comment }: DescribedColumn): string =>
  comment === undefined ? '' : ` COMMENT ${textLiteral(comment)}`;

const viewColumn = (described: DescribedColumn): string => columnText(described.name) + commentOf(described);

function column(described: DescribedColumn): string {
  const { name, duckType, declaredType, clause, nullable } = described;
  const type = declaredType?.toUpperCase() ?? sqlTypeText(parseDuckType(duckType), columnText);
  const words = [columnText(name), type, ...(nullable ? [] : ['NOT NULL']), ...(clause === undefined ? [] : [clause])];
  return words.join(' ') + commentOf(described);
}

function constraints({ keys, notes }: Definition): string[] {
  const checks = (notes.checks ?? []).map(({ name, condition }) => {
    const start = name === undefined ? '' : `CONSTRAINT ${quotedName(name)} `;
    return `${start}CHECK (${condition})`;
  });
  return [...keys.map((key) => `CONSTRAINT ${quotedName(key.name)} ${key.text}`), ...checks];
}

function storage({ notes }: Definition): string[] {
  const { provider = 'delta', partitionedBy = [], clusteredBy = [] } = notes;
  return [
    `USING ${provider}`,
    ...(partitionedBy.length > 0 ? [`PARTITIONED BY (${partitionedBy.map(columnText).join(', ')})`] : []),
    ...(clusteredBy.length > 0 ? [`CLUSTER BY (${clusteredBy.map(columnText).join(', ')})`] : []),
  ];
}

function properties({ notes }: Definition): string[] {
  const entries = Object.entries(notes.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const settings = entries.map(([key, value]) => `${textLiteral(key)} = ${textLiteral(value)}`);
  return [`TBLPROPERTIES (\n  ${settings.join(',\n  ')})`];
}

function onTemporaryView(name: readonly string[]): SqlError {
  return new SqlError(
    'UNSUPPORTED_SHOW_CREATE_TABLE.ON_TEMPORARY_VIEW',
    '0A000',
    `Unsupported a SHOW CREATE TABLE command. The command is not supported on a temporary view ${name.map(quotedName).join('.')}.`,
  );
}
