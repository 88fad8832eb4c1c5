import { group, type ErrorRule } from './clauseErrorRules';

/** What is wrong with a statement that makes or changes tables. */
export const DDL_RULES: readonly ErrorRule[] = [
  {
    pattern: /Can only (?:delete from|update|insert into|merge into) base table|is not an table/,
    condition: 'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE',
    sqlState: '42809',
    text: () => 'The statement expects a table and not a view.',
  },
  {
    pattern: /does not have a column with name "([^"]+)"/,
    condition: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    sqlState: '42703',
    text: (match) => `A column, variable, or function parameter with name \`${group(match)}\` cannot be resolved.`,
  },
  {
    pattern: /Existing object (\S+) is of type Table, trying to replace with type View/,
    condition: 'EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE',
    sqlState: '42809',
    text: (match) => `The table \`${group(match)}\` does not support CREATE OR REPLACE VIEW.`,
  },
  {
    pattern: /Existing object (\S+) is of type View, trying to replace with type Table/,
    condition: 'DELTA_CANNOT_WRITE_INTO_VIEW',
    sqlState: '0A000',
    text: (match) => `\`${group(match)}\` is a view. Writes to a view are not supported.`,
  },
  {
    pattern: /Cannot drop column: table only has one column remaining/,
    condition: 'DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA',
    sqlState: '0AKDC',
    text: () => 'Cannot drop the only column of a table.',
  },
  {
    pattern: /Adding columns with constraints not yet supported/,
    condition: 'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    sqlState: '0A000',
    text: () => 'ALTER TABLE … ADD COLUMN with a constraint is not supported by the local workspace.',
  },
  {
    pattern: /Could not rename "[^"]*" to "([^"]*)": another entry/,
    condition: 'TABLE_OR_VIEW_ALREADY_EXISTS',
    sqlState: '42P07',
    text: (match) => `Cannot create table or view \`${group(match)}\` because it already exists.`,
  },
  {
    pattern: /Column "([^"]+)" referenced by generated column does not exist/,
    condition: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    sqlState: '42703',
    text: (match) => `A column, variable, or function parameter with name \`${group(match)}\` cannot be resolved.`,
  },
  {
    pattern: /DEFAULT value cannot contain column names/,
    condition: 'INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION',
    sqlState: '42623',
    text: () => 'Failed to execute the statement: a DEFAULT value holds a column, which cannot be resolved.',
  },
  {
    pattern: /Column with name (\S+) already exists/,
    condition: 'FIELD_ALREADY_EXISTS',
    sqlState: '42710',
    text: (match) => `Cannot add or rename a column, because \`${group(match)}\` already exists in the table.`,
  },
];
