/** An error that a client sees: message as a warehouse words it, with the SQLSTATE of its class. */
export class SqlError extends Error {
  /** The error class, such as `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly condition: string;
  readonly sqlState: string;

  constructor(condition: string, sqlState: string, text: string, position?: { line: number; column: number }) {
    const where = position ? `\n== SQL (line ${position.line}, position ${position.column}) ==` : '';
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

export function syntaxError(near: string, position?: { line: number; column: number }): SqlError {
  return new SqlError('PARSE_SYNTAX_ERROR', '42601', `Syntax error at or near ${near}.`, position);
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

/** A construct that a warehouse has and this workspace has not. */
export function unsupported(construct: string): SqlError {
  return new SqlError(
    'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    '0A000',
    `${construct} is not supported by the local workspace.`,
  );
}
