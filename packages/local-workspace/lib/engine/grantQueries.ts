import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX } from '../sql/rewrite';
import type { GrantCommand, Securable } from '../sql/grants';
import { SqlError } from '../sql/SqlError';
import { catalogNotFound } from './database';
import { qualify } from './notes';
import type { CommandContext } from './showQueries';
import { resolveTables } from './tables';

/** In the catalog's hidden schema `main`: privileges are kept and shown, and nothing asks for them. */
const tableOf = (catalog: string): string => `${identifier(CATALOG_PREFIX + catalog)}.main.grants`;

export function grantsTable(catalog: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${tableOf(catalog)} ` +
    `(securable VARCHAR, name VARCHAR, principal VARCHAR, privilege VARCHAR)`
  );
}

/** A statement that forgets the privileges on an object and on what lies in it. */
export function forgetGrants(catalog: string, ...inside: readonly string[]): string {
  const name = [catalog, ...inside].join('.').toLowerCase();
  return `DELETE FROM ${tableOf(catalog.toLowerCase())} WHERE name = ${literal(name)} OR starts_with(name, ${literal(`${name}.`)})`;
}

const PARTS: Readonly<Record<Securable, number>> = { CATALOG: 1, SCHEMA: 2, TABLE: 3, VOLUME: 3 };

/** Carries out a statement about privileges: the DuckDB query for its result, undefined when it has none. Throws a SqlError. */
export async function runGrant(command: GrantCommand, context: CommandContext): Promise<string | undefined> {
  const name = await existing(command.on, command.name, context);
  const table = tableOf(name[0] ?? '');
  const { connection } = context;
  switch (command.kind) {
    case 'grant':
    case 'revoke': {
      const is = `securable = '${command.on}' AND name = ${literal(name.join('.'))} AND principal = ${literal(command.principal)}`;
      const listed = command.privileges.map(literal).join(', ');
      const all = command.kind === 'revoke' && command.privileges.includes('ALL PRIVILEGES');
      await connection.run(`DELETE FROM ${table} WHERE ${is}${all ? '' : ` AND privilege IN (${listed})`}`);
      if (command.kind === 'revoke') return undefined;
      const rows = command.privileges.map(
        (privilege) =>
          `('${command.on}', ${literal(name.join('.'))}, ${literal(command.principal)}, ${literal(privilege)})`,
      );
      await connection.run(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
      return undefined;
    }
    case 'show-grants': {
      const whose = command.principal === undefined ? '' : ` AND principal = ${literal(command.principal)}`;
      const objects = inherited(command.on, name).map(
        ([on, parts]) => `(securable = '${on}' AND name = ${literal(parts.join('.'))})`,
      );
      return (
        `SELECT principal AS "Principal", privilege AS "ActionType", securable AS "ObjectType", name AS "ObjectKey" ` +
        `FROM ${table} WHERE (${objects.join(' OR ')})${whose} ORDER BY length(name) DESC, 1, 2`
      );
    }
  }
}

/** The object and what it lies in: a privilege on a schema holds for its tables. */
function inherited(on: Securable, name: readonly string[]): [Securable, string[]][] {
  const around: [Securable, string[]][] = [
    ['SCHEMA', name.slice(0, 2)],
    ['CATALOG', name.slice(0, 1)],
  ];
  return [[on, [...name]], ...around.filter(([, parts]) => parts.length < name.length)];
}

/** The full name of an object in lower case. Throws when it is not there. */
async function existing(on: Securable, given: readonly string[], context: CommandContext): Promise<string[]> {
  const { session, database, connection } = context;
  const count = PARTS[on];
  const name = (count === 1 ? given.slice(-1) : qualify(given, session, count === 2 ? 2 : 3)).map((part) =>
    part.toLowerCase(),
  );
  const [catalog = '', schema = ''] = name;
  if (!(await database.hasCatalog(connection, catalog))) throw catalogNotFound(catalog);
  if (count > 1 && !(await database.hasSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
  if (on === 'TABLE' && Object.keys(await resolveTables([name], context)).length === 0)
    throw notFound('table or view', name);
  if (on === 'VOLUME' && !context.staging.folder.volumes(catalog, schema).includes(name[2] ?? ''))
    throw notFound('volume', name);
  return name;
}

function notFound(what: 'table or view' | 'volume', name: readonly string[]): SqlError {
  const full = `\`${name.join('`.`')}\``;
  return what === 'volume'
    ? new SqlError('VOLUME_DOES_NOT_EXIST', '42704', `Volume ${full} does not exist.`)
    : new SqlError(
        'TABLE_OR_VIEW_NOT_FOUND',
        '42P01',
        `The table or view ${full} cannot be found. Verify the spelling and correctness of the schema and catalog.`,
      );
}
