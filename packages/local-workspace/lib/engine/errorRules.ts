import { CLAUSE_RULES, group, type ErrorRule } from './clauseErrorRules';
import { DDL_RULES } from './ddlErrorRules';

export const ERROR_RULES: readonly ErrorRule[] = [
  {
    pattern: /\[DIVIDE_BY_ZERO\]/,
    condition: 'DIVIDE_BY_ZERO',
    sqlState: '22012',
    text: () => 'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.',
  },
  {
    pattern: /\[REMAINDER_BY_ZERO\]/,
    condition: 'REMAINDER_BY_ZERO',
    sqlState: '22012',
    text: () => 'Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead.',
  },
  {
    pattern: /\[USER_RAISED_EXCEPTION\]([^]*)/,
    condition: 'USER_RAISED_EXCEPTION',
    sqlState: 'P0001',
    text: (match) => group(match).split('\n\nLINE')[0] ?? '',
  },
  {
    pattern:
      /ICU date overflows timestamp range|Timestamp overflow|timestamp range|Date out of range|Epoch seconds out of range|Interval value \S+ \w+ out of range/i,
    condition: 'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    sqlState: '0A000',
    text: () => 'A moment or an interval beyond the range of its type is not supported by the local workspace.',
  },
  {
    pattern: /Could not convert string '([^]*?)' to (\w+)/,
    condition: 'CAST_INVALID_INPUT',
    sqlState: '22018',
    text: (match) =>
      `The value '${group(match)}' of the type "STRING" cannot be cast to "${group(match, 2)}" because it is malformed. ` +
      'Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead.',
  },
  {
    pattern:
      /(?:Failed to cast decimal value|out of range for the destination type|Overflow in|out of range|Casting value .* failed|Could not cast value)/i,
    condition: 'ARITHMETIC_OVERFLOW',
    sqlState: '22003',
    text: () => 'The value is out of range of the target type. Use `try_cast` or a wider type to avoid the overflow.',
  },
  {
    pattern:
      /(?:invalid date field format|invalid timestamp field format|date field value|timestamp field value)[^]*?"([^"]*)"/i,
    condition: 'CAST_INVALID_INPUT',
    sqlState: '22018',
    text: (match) => `The value '${group(match)}' of the type "STRING" cannot be cast because it is malformed.`,
  },
  {
    pattern: /Conversion Error: ([^\n]*)/,
    condition: 'CAST_INVALID_INPUT',
    sqlState: '22018',
    text: (match) => group(match),
  },
  {
    pattern: /Lists larger than|maximum list size|too large/i,
    condition: 'COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER',
    sqlState: '54000',
    text: () => 'A collection would have more elements than there can be.',
  },
  ...CLAUSE_RULES,
  ...DDL_RULES,
  {
    pattern: /Map keys must be unique/,
    condition: 'DUPLICATED_MAP_KEY',
    sqlState: '23505',
    text: () => 'Duplicate map key was found, please check the input data.',
  },
  {
    pattern: /Map keys can not be NULL/,
    condition: 'NULL_MAP_KEY',
    sqlState: '2200E',
    text: () => 'Cannot use null as map key.',
  },
  {
    pattern: /More than one row returned by a subquery/,
    condition: 'SCALAR_SUBQUERY_TOO_MANY_ROWS',
    sqlState: '21000',
    text: () => 'More than one row returned by a subquery used as an expression.',
  },
  {
    pattern: /GROUP BY clause cannot contain aggregates/i,
    condition: 'GROUP_BY_AGGREGATE',
    sqlState: '42903',
    text: () => 'Aggregate functions are not allowed in GROUP BY.',
  },
  {
    pattern: /aggregate function calls cannot be nested/i,
    condition: 'NESTED_AGGREGATE_FUNCTION',
    sqlState: '42607',
    text: () => 'It is not allowed to use an aggregate function in the argument of another aggregate function.',
  },
  {
    pattern:
      /invalid perl operator|Invalid regular expression|(?:missing|no) argument (?:to|for) repetition|bad repetition operator|missing [\])]|trailing \\|invalid (?:escape|group|character)/i,
    condition: 'INVALID_PARAMETER_VALUE.PATTERN',
    sqlState: '22023',
    text: () => 'The value of the parameter `regexp` is invalid.',
  },
  {
    pattern: /Like pattern must not end with escape/,
    condition: 'INVALID_FORMAT.ESC_AT_THE_END',
    sqlState: '42601',
    text: () => 'The pattern of LIKE must not end with the escape character.',
  },
  {
    pattern: /(?:Table|View) with name (\S+) does not exist/,
    condition: 'TABLE_OR_VIEW_NOT_FOUND',
    sqlState: '42P01',
    text: (match) => tableNotFound(group(match)),
  },
  {
    pattern: /Catalog "c_([^"]+)" does not exist/,
    condition: 'TABLE_OR_VIEW_NOT_FOUND',
    sqlState: '42P01',
    text: (match) => tableNotFound(group(match)),
  },
  {
    pattern: /Catalog with name "?c_([^"\s]+)"? does not exist/,
    condition: 'NO_SUCH_CATALOG_EXCEPTION',
    sqlState: '42704',
    text: (match) => `Catalog '${group(match)}' was not found.`,
  },
  {
    pattern: /(?:Schema with name (\S+) does not exist|No catalog \+ schema named "([^"]+)")/,
    condition: 'SCHEMA_NOT_FOUND',
    sqlState: '42704',
    text: (match) =>
      `The schema \`${group(match) || group(match, 2)}\` cannot be found. Verify the spelling and correctness of the schema and catalog.`,
  },
  {
    pattern: /(?:Table|View) with name "?([^"\s]+)"? already exists/,
    condition: 'TABLE_OR_VIEW_ALREADY_EXISTS',
    sqlState: '42P07',
    text: (match) => `Cannot create table or view \`${group(match)}\` because it already exists.`,
  },
  {
    pattern: /Schema with name "?([^"\s]+)"? already exists/,
    condition: 'SCHEMA_ALREADY_EXISTS',
    sqlState: '42P06',
    text: (match) => `Cannot create schema \`${group(match)}\` because it already exists.`,
  },
  {
    pattern: /(?:Function|Macro)[^\n]* with name "?([^"\s]+)"? does not exist/,
    condition: 'UNRESOLVED_ROUTINE',
    sqlState: '42883',
    text: (match) =>
      `Cannot resolve routine \`${group(match)}\` on search path [\`system\`.\`builtin\`, \`system\`.\`session\`].`,
  },
  {
    pattern: /(?:Referenced column|column) "([^"]+)" (?:not found|was not found|does not exist|could not be found)/i,
    condition: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    sqlState: '42703',
    text: (match) => `A column, variable, or function parameter with name \`${group(match)}\` cannot be resolved.`,
  },
  {
    pattern: /(?:Table|Values list) "([^"]+)" does not have a column named "([^"]+)"/,
    condition: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    sqlState: '42703',
    text: (match) =>
      `A column, variable, or function parameter with name \`${group(match)}\`.\`${group(match, 2)}\` cannot be resolved.`,
  },
  {
    pattern: /Referenced table "([^"]+)" not found/,
    condition: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    sqlState: '42703',
    text: (match) => `A column, variable, or function parameter with name \`${group(match)}\` cannot be resolved.`,
  },
  {
    pattern: /must appear in the GROUP BY clause|Cannot mix aggregates with non-aggregated columns/,
    condition: 'MISSING_AGGREGATION',
    sqlState: '42803',
    text: () =>
      'The non-aggregating expression is based on columns which are not participating in the GROUP BY clause.',
  },
  {
    pattern: /Could not choose a best candidate function|No function matches the given name and argument types/,
    condition: 'DATATYPE_MISMATCH',
    sqlState: '42K09',
    text: () => 'Cannot resolve the expression due to data type mismatch.',
  },
  {
    pattern: /Ambiguous reference to column name "([^"]+)"/,
    condition: 'AMBIGUOUS_REFERENCE',
    sqlState: '42704',
    text: (match) => `Reference \`${group(match)}\` is ambiguous.`,
  },
  {
    pattern: /(?:NOT NULL constraint failed: )(\S+)/,
    condition: 'DELTA_NOT_NULL_CONSTRAINT_VIOLATED',
    sqlState: '23502',
    text: (match) => `NOT NULL constraint violated for column: ${group(match)}.`,
  },
  {
    pattern: /Constraint Error: ([^\n]*)/,
    condition: 'DELTA_VIOLATE_CONSTRAINT_WITH_VALUES',
    sqlState: '23001',
    text: (match) => group(match),
  },
  {
    pattern: /(?:Permission Error|file system operations are disabled|Cannot access)/,
    condition: 'INSUFFICIENT_PERMISSIONS',
    sqlState: '42501',
    text: () => 'Insufficient privileges: access to files outside of volumes is not allowed.',
  },
  {
    pattern: /Parser Error: syntax error at or near "([^"]*)"/,
    condition: 'PARSE_SYNTAX_ERROR',
    sqlState: '42601',
    text: (match) => `Syntax error at or near '${group(match)}'.`,
  },
  {
    pattern: /Constraint not implemented/,
    condition: 'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    sqlState: '0A000',
    text: () => 'An identity column or generated column is not supported by the local workspace.',
  },
  {
    pattern: /Out of Memory Error/,
    condition: 'OUT_OF_MEMORY',
    sqlState: '53200',
    text: () => 'The statement needs more memory than the warehouse has.',
  },
  {
    pattern: /Binder Error: ([^\n]*)/,
    condition: 'UNRESOLVED_EXPRESSION',
    sqlState: '42000',
    text: (match) => group(match),
  },
];

function tableNotFound(name: string): string {
  return (
    `The table or view \`${name.replaceAll('"', '').split('.').join('`.`')}\` cannot be found. ` +
    'Verify the spelling and correctness of the schema and catalog.\n' +
    'If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the ' +
    'correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.'
  );
}
