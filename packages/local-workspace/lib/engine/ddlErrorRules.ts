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
    pattern: /Column with name (\S+) already exists/,
    condition: 'FIELD_ALREADY_EXISTS',
    sqlState: '42710',
    text: (match) => `Cannot add or rename a column, because \`${group(match)}\` already exists in the table.`,
  },
];
