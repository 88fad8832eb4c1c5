/** An error that a client sees: message as a warehouse words it, with the SQLSTATE of its class. */
export class SqlError extends Error {
  /** The error class, such as `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly condition: string;
  readonly sqlState: string;

  /** `where`: what stands behind the sentence. */
  constructor(
    condition: string,
    sqlState: string,
    readonly text: string,
    where = '',
  ) {
    super(`[${condition}] ${text} SQLSTATE: ${sqlState}${where}`);
    this.name = 'SqlError';
    this.condition = condition;
    this.sqlState = sqlState;
  }

  /** An error that was put into words before, in another thread. */
  static revived(condition: string, sqlState: string, message: string): SqlError {
    const error = new SqlError(condition, sqlState, '');
    error.message = message;
    return error;
  }
}

/** A longer statement is not repeated in a message about it. */
const MAX_REPEATED = 4_000;
const HEADING = '\n\n== SQL ==\n';

/** `place`: where in the statement; its line is shown with a mark below, as Spark does. */
export function syntaxError(near: string, place?: { sql: string; offset: number }): SqlError {
  return new SqlError('PARSE_SYNTAX_ERROR', '42601', `Syntax error at or near ${near}.`, place && shown(place));
}

function shown({ sql, offset }: { sql: string; offset: number }): string {
  const before = sql.slice(0, offset).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const position = ` (line ${before.length}, pos ${column})`;
  if (sql.length > MAX_REPEATED) return position;
  const lines = sql.split('\n');
  const mark = `${'-'.repeat(column)}^^^`;
  return position + HEADING + [...lines.slice(0, before.length), mark, ...lines.slice(before.length)].join('\n');
}

/** A syntax error with the statement that it is about; every other error as it is. */
export function withStatement(error: SqlError, sql: string): SqlError {
  if (error.condition !== 'PARSE_SYNTAX_ERROR' || sql.length > MAX_REPEATED) return error;
  if (error.message.includes(HEADING)) return error;
  return SqlError.revived(error.condition, error.sqlState, error.message + HEADING + sql);
}

/** Throws for a name that no schema or volume can have: it would be a path. */
export function checkName(name: string): void {
  if (!/[\0-\x20./\x7f]/.test(name)) return;
  throw new SqlError(
    'INVALID_SCHEMA_OR_RELATION_NAME',
    '42602',
    `\`${name}\` is not a valid name. Names hold no spaces, full stops, slashes or control characters.`,
  );
}

export function schemaNotFound(catalog: string, schema: string): SqlError {
  return new SqlError(
    'SCHEMA_NOT_FOUND',
    '42704',
    `The schema \`${catalog}\`.\`${schema}\` cannot be found. Verify the spelling and correctness of the schema and catalog.`,
  );
}

export function columnExists(name: string): SqlError {
  return new SqlError(
    'COLUMN_ALREADY_EXISTS',
    '42711',
    `The column \`${name.toLowerCase()}\` already exists. Choose another name or rename the existing column.`,
  );
}

/** A construct that a warehouse has and this workspace has not. */
export function unsupported(construct: string): SqlError {
  return new SqlError(
    'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    '0A000',
    `${construct} is not supported by the local workspace.`,
  );
}
