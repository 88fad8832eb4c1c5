import { NO_CHANGE } from '../sql/alterNotes';
import type { Alteration } from '../sql/alterTable';
import { isKeyOf, type ConstraintNotes } from '../sql/columnNotes';
import { quotedName } from '../sql/databricksText';
import { identifier } from '../sql/quote';
import { SqlError, unsupported } from '../sql/SqlError';
import { definitionOf, type Definition } from './createStatement';
import { checkChange } from './columnChanges';
import { recordChange } from './history';
import type { Key } from './keys';
import { inDuckDb, noColumn, notedTable, notView, qualify, write } from './notes';
import { asTransaction } from './makeTable';
import { placeColumns } from './placeColumns';
import { planStatement } from './plan';
import { rebuild } from './rebuildTable';
import { runDdl } from './runDdl';
import { queryWithoutParameters, type CommandContext } from './showQueries';

/** Changes a table or view. Rejects with a SqlError. */
export async function alterTable(command: Alteration, context: CommandContext): Promise<undefined> {
  const { connection, session } = context;
  if (command.to === 'view') return alterView(command, context);
  if (command.to === 'owner') {
    const { notes, ...table } = await notedTable(command.name, connection, session);
    const createdBy = notes.createdBy ?? notes.owner;
    await write({ ...table, notes: { ...notes, owner: command.owner, createdBy } }, connection);
    return;
  }
  await notView(command.name, 'ALTER TABLE', connection, session);
  const table = await definitionOf(command.name, context);
  switch (command.to) {
    case 'add-constraint':
      return addConstraint(table, command, context);
    case 'drop-constraint':
      return dropConstraint(table, command, context);
    case 'drop-columns':
      return dropColumns(table, command, context);
    case 'order':
      return reorder(table, command, context);
    case 'columns':
      return placeColumns(table, command, context);
    case 'clustering':
      return cluster(table, command.columns, context);
  }
}

type Of<K extends Alteration['to']> = Extract<Alteration, { to: K }>;

async function addConstraint(
  table: Definition,
  { constraint, text }: Of<'add-constraint'>,
  context: CommandContext,
): Promise<undefined> {
  const name = constraint.name ?? [table.name, ...constraint.columns, SUFFIXES[constraint.type]].join('_');
  const old = namesOf(table).find((other) => other.toLowerCase() === name.toLowerCase());
  if (old !== undefined) throw alreadyThere(old);
  const { condition } = constraint;
  const operation = { operation: 'ADD CONSTRAINT', parameters: { name, expr: condition ?? text } };
  if (condition === undefined) {
    return rebuild(table, { ...table, keys: [...table.keys, keyFrom(constraint, name, text)] }, operation, context);
  }
  await checkRows(table, condition, context);
  const checks = [...(table.notes.checks ?? []), { name, condition }];
  return rebuild(table, { ...table, notes: { ...table.notes, checks } }, operation, context);
}

const SUFFIXES = { 'PRIMARY KEY': 'pk', 'FOREIGN KEY': 'fk', CHECK: 'check' } as const;

function keyFrom({ type, columns }: ConstraintNotes, name: string, text: string): Key {
  return { name, type: type === 'FOREIGN KEY' ? type : 'PRIMARY KEY', columns, text };
}

/** Rejects when a row of the table does not meet the condition. */
async function checkRows(table: Definition, condition: string, context: CommandContext): Promise<void> {
  const name = [table.catalog, table.schema, table.name];
  const query = `SELECT count(*) FROM ${name.map(quotedName).join('.')} WHERE (${condition}) IS NOT TRUE`;
  const { text } = await queryWithoutParameters(query, 'ADD CONSTRAINT', context);
  const [[count = '0'] = []] = (await context.connection.runAndReadAll(text)).getRowsJson() as string[][];
  if (Number(count) === 0) return;
  throw new SqlError(
    'DELTA_NEW_CHECK_CONSTRAINT_VIOLATION',
    '23512',
    `${count} rows in ${name.join('.')} violate the new CHECK constraint (${condition}).`,
  );
}

const namesOf = ({ keys, notes }: Definition): string[] => [
  ...keys.map(({ name }) => name),
  ...(notes.checks ?? []).flatMap(({ name }) => name ?? []),
];

async function dropConstraint(
  table: Definition,
  { what, ifExists }: Of<'drop-constraint'>,
  context: CommandContext,
): Promise<undefined> {
  const isNamed = (name: string | undefined): boolean =>
    'name' in what && name?.toLowerCase() === what.name.toLowerCase();
  const isMeant = (key: Key): boolean => ('name' in what ? isNamed(key.name) : isKeyOf(key, what.key, what.columns));
  const checks = table.notes.checks ?? [];
  const keys = table.keys.filter((key) => !isMeant(key));
  const others = checks.filter(({ name }) => !isNamed(name));
  if (keys.length === table.keys.length && others.length === checks.length) {
    if (ifExists) return;
    throw notThere('name' in what ? what.name : what.key, table);
  }
  const operation = { operation: 'DROP CONSTRAINT', parameters: 'name' in what ? { name: what.name } : {} };
  return rebuild(table, { ...table, keys, notes: { ...table.notes, checks: others } }, operation, context);
}

async function dropColumns(
  table: Definition,
  { columns, ifExists }: Of<'drop-columns'>,
  context: CommandContext,
): Promise<undefined> {
  const { connection, session } = context;
  const known = columns.filter((column) => hasColumn(table, column));
  const missing = columns.find((column) => !hasColumn(table, column));
  if (missing !== undefined && !ifExists) throw noColumn(missing);
  const name = [table.catalog, table.schema, table.name];
  for (const dropped of known) await checkChange({ ...NO_CHANGE, table: name, dropped }, connection, session);
  const steps = known.map((column) => `ALTER TABLE ${inDuckDb(table)} DROP COLUMN ${identifier(column)}`);
  if (steps.length === 0) return;
  await asTransaction(context, () => connection.run(steps.join('; ')));
  const parameters = { columns: JSON.stringify(known) };
  await recordChange(connection, session, { table: name, operation: 'DROP COLUMNS', parameters }, 0);
}

const isColumn =
  (name: string) =>
  (column: { name: string }): boolean =>
    column.name.toLowerCase() === name.toLowerCase();

const hasColumn = (table: Definition, name: string): boolean => table.columns.some(isColumn(name));

async function reorder(table: Definition, { column, after }: Of<'order'>, context: CommandContext): Promise<undefined> {
  const moved = table.columns.find(isColumn(column));
  const missing = [column, ...(after === undefined ? [] : [after])].find((name) => !hasColumn(table, name));
  if (missing !== undefined || moved === undefined) throw noColumn(missing ?? column);
  const others = table.columns.filter((other) => other !== moved);
  const place = after === undefined ? 0 : others.findIndex(isColumn(after)) + 1;
  const columns = [...others.slice(0, place), moved, ...others.slice(place)];
  const parameters = { column: JSON.stringify({ name: column }), position: after === undefined ? 'FIRST' : after };
  return rebuild(table, { ...table, columns }, { operation: 'CHANGE COLUMN', parameters }, context);
}

async function cluster(
  table: Definition,
  clusteredBy: readonly string[],
  { connection, session }: CommandContext,
): Promise<undefined> {
  const missing = clusteredBy.find((column) => !hasColumn(table, column));
  if (missing !== undefined) throw noColumn(missing);
  if (clusteredBy.length > 0 && (table.notes.partitionedBy ?? []).length > 0) throw partitioned(table);
  await write({ ...table, notes: { ...table.notes, clusteredBy } }, connection);
  const parameters = {
    oldClusteringColumns: (table.notes.clusteredBy ?? []).join(','),
    newClusteringColumns: clusteredBy.join(','),
  };
  const name = [table.catalog, table.schema, table.name];
  await recordChange(connection, session, { table: name, operation: 'CLUSTER BY', parameters }, 0);
}

/** A view keeps its comment, properties and tags. */
async function alterView({ name, renamedTo, from }: Of<'view'>, context: CommandContext): Promise<undefined> {
  const { connection, session, source } = context;
  const view = await notedTable(name, connection, session);
  const full = qualify(name, session, 3);
  if (view.type !== 'VIEW') throw notATable(full);
  if (renamedTo) {
    const target = qualify(renamedTo, session, 3).map((part) => part.toLowerCase());
    if (target[0] !== view.catalog || target[1] !== view.schema.toLowerCase())
      throw unsupported('ALTER VIEW … RENAME TO a name in another schema');
    await connection.run(`ALTER VIEW ${inDuckDb(view)} RENAME TO ${identifier(target[2] ?? '')}`);
    return;
  }
  const text = source.slice(from).replace(/;\s*$/, '').trimEnd();
  const plan = await planStatement(`CREATE OR REPLACE VIEW ${full.map(quotedName).join('.')} AS ${text}`, [], context);
  if (plan.kind !== 'ddl') throw unsupported('ALTER VIEW of anything but a view of a catalog');
  const run = async (): Promise<number> => (await connection.run(plan.sql)).rowsChanged;
  await runDdl(plan, connection, session, run);
  await write({ ...view, notes: { ...view.notes, text } }, connection);
}

function alreadyThere(name: string): SqlError {
  return new SqlError(
    'DELTA_CONSTRAINT_ALREADY_EXISTS',
    '42710',
    `Constraint '${name}' already exists. Please delete the old constraint first.`,
  );
}

function notThere(name: string, { catalog, schema, name: table }: Definition): SqlError {
  return new SqlError(
    'DELTA_CONSTRAINT_DOES_NOT_EXIST',
    '42704',
    `Cannot drop nonexistent constraint ${name} from table ${[catalog, schema, table].join('.')}. To avoid throwing an error, provide the parameter IF EXISTS.`,
  );
}

function partitioned({ catalog, schema, name }: Definition): SqlError {
  return new SqlError(
    'DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED',
    '42000',
    `ALTER TABLE CLUSTER BY cannot be applied to a partitioned table: ${[catalog, schema, name].join('.')}.`,
  );
}

function notATable(name: readonly string[]): SqlError {
  return new SqlError(
    'EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE',
    '42809',
    `The table \`${name.join('`.`')}\` does not support ALTER VIEW.`,
  );
}
