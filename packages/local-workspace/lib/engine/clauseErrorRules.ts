/** DuckDB reports errors as text alone, so its wording is what there is to decide on. */
export interface ErrorRule {
  pattern: RegExp;
  condition: string;
  sqlState: string;
  text: (match: RegExpExecArray) => string;
}

export const group = (match: RegExpExecArray, index = 1): string => match[index] ?? '';

/** What is wrong with the clauses of a query. */
export const CLAUSE_RULES: readonly ErrorRule[] = [
  {
    pattern: /GROUPING (?:statement cannot|child)/,
    condition: 'UNSUPPORTED_GROUPING_EXPRESSION',
    sqlState: '42K0E',
    text: () => 'grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.',
  },
  {
    pattern: /WHERE clause cannot contain window/,
    condition: 'WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE',
    sqlState: '42601',
    text: () => 'It is not allowed to use window functions inside the WHERE clause.',
  },
  {
    pattern: /HAVING clause cannot contain window/,
    condition: 'WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE',
    sqlState: '42601',
    text: () => 'It is not allowed to use window functions inside the HAVING clause.',
  },
  {
    pattern: /at least one window function must appear in the SELECT column or QUALIFY/,
    condition: 'QUALIFY_REQUIRES_WINDOW_FUNCTION',
    sqlState: '42903',
    text: () => 'At least one window function must appear in the SELECT list or QUALIFY clause.',
  },
  {
    pattern: /In a DISTINCT aggregate, ORDER BY expressions must appear/,
    condition: 'INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT',
    sqlState: '42K0K',
    text: () => 'The input of a DISTINCT aggregate and its order have to be one.',
  },
  {
    pattern: /window "([^"]+)" is already defined/,
    condition: 'INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION',
    sqlState: '42000',
    text: (match) => `The definition of window \`${group(match)}\` is repetitive.`,
  },
  {
    pattern: /RANGE frames must have only one ORDER BY/,
    condition: 'DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER',
    sqlState: '42K09',
    text: () => 'A range window frame with a boundary by value needs one key to be ordered by.',
  },
  {
    pattern: /interval cannot be 0/,
    condition: 'FAILED_FUNCTION_CALL',
    sqlState: '38000',
    text: () => 'Failed preparing of the function `range`: the step cannot be 0.',
  },
  {
    pattern: /WHERE clause cannot contain aggregates/,
    condition: 'INVALID_WHERE_CONDITION',
    sqlState: '42903',
    text: () => 'The WHERE condition contains an aggregate function.',
  },
  {
    pattern: /window "([^"]+)" does not exist/,
    condition: 'MISSING_WINDOW_SPECIFICATION',
    sqlState: '42P20',
    text: (match) => `Window specification is not defined in the WINDOW clause for \`${group(match)}\`.`,
  },
];
