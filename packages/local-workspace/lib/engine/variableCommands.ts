import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import { castTo } from '../sql/compile/cast';
import { SqlError } from '../sql/SqlError';
import { variableNamed, type Span, type Variable, type VariableCommand } from '../sql/variables';
import { bound, translateIn } from './plan';
import type { CommandContext } from './showQueries';
import type { SqlType } from './types';

/** Carries out a statement about the variables of the session. Rejects with a SqlError. */
export async function runVariableCommand(command: VariableCommand, context: CommandContext): Promise<void> {
  const { parameters } = context;
  const { variables } = context.session;
  const part = ({ start, end }: Span): string => context.source.slice(start, end);
  switch (command.kind) {
    case 'declare-variable':
      return declare(command, part, context);
    case 'set-variables': {
      const targets = command.names.map((name) => variableNamed(name, variables));
      const values = command.values.map((value, i) =>
        value === 'default' ? (targets[i]?.initial ?? '') : part(value),
      );
      return assign(command.names, { source: `SELECT ${values.join(', ')}`, parameters }, context);
    }
    case 'set-variables-from-query':
      return assign(command.names, { source: part(command.query), parameters }, context);
    case 'execute-into':
      return assign(command.names, command.query, context);
    case 'drop-variable':
      if (variables.delete(command.name) || command.ifExists) return;
      throw new SqlError(
        'VARIABLE_NOT_FOUND',
        '42883',
        `The variable \`system\`.\`session\`.\`${command.name}\` cannot be found.`,
      );
  }
}

async function declare(
  { names, replace, type, value }: Extract<VariableCommand, { kind: 'declare-variable' }>,
  part: (span: Span) => string,
  context: CommandContext,
): Promise<void> {
  const { parameters } = context;
  const { variables } = context.session;
  const known = names.find((name) => variables.has(name));
  if (known !== undefined && !replace) {
    throw new SqlError(
      'VARIABLE_ALREADY_EXISTS',
      '42723',
      `Cannot create the variable \`system\`.\`session\`.\`${known}\` because it already exists.`,
    );
  }
  const initial = value ? part(value) : 'NULL';
  const source = type ? `SELECT CAST((${initial}) AS ${part(type)})` : `SELECT ${initial}`;
  const [made] = await valuesOf({ source, parameters }, [undefined], context);
  if (made) for (const name of names) variables.set(name, { ...made, initial });
}

/** Gives variables the values of the columns of a query: of its row, or NULL without one. Rejects for several rows. */
async function assign(
  names: readonly string[],
  query: { source: string; parameters: readonly TSparkParameter[] },
  context: CommandContext,
): Promise<void> {
  const { variables } = context.session;
  const targets = names.map((name) => variableNamed(name, variables));
  const values = await valuesOf(query, targets, context);
  names.forEach((name, i) => {
    const [target, value] = [targets[i], values[i]];
    if (target && value) variables.set(name, { ...target, text: value.text });
  });
}

async function valuesOf(
  { source, parameters }: { source: string; parameters: readonly TSparkParameter[] },
  targets: readonly (Variable | undefined)[],
  context: CommandContext,
): Promise<{ type: SqlType; text: string | null }[]> {
  const { connection, database, session, signal } = context;
  const translation = await translateIn(source, parameters, context);
  const { kind, columns } = translation;
  if (kind !== 'query') {
    throw new SqlError(
      'INVALID_STATEMENT_FOR_EXECUTE_INTO',
      '07501',
      'The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query.',
    );
  }
  if (columns.length !== targets.length) {
    throw new SqlError(
      'ASSIGNMENT_ARITY_MISMATCH',
      '42802',
      `The number of columns or variables assigned or aliased: ${targets.length} does not match the number of source expressions: ${columns.length}.`,
    );
  }
  const values = columns.map(({ type }, i) => castTo({ sql: `__q.c${i}`, type }, targets[i]?.type ?? type));
  const texts = values.map(({ sql }) => `CAST(${sql} AS VARCHAR)`).join(', ');
  const names = columns.map((_column, i) => `c${i}`).join(', ');
  const rows = `SELECT ${texts} FROM (${bound(translation, parameters)}) AS __q(${names}) LIMIT 2`;
  const reader = await database.turns.run(session.user, signal, () => connection.runAndReadAll(rows));
  const [row, other] = reader.getRowsJson() as (string | null)[][];
  if (other) {
    throw new SqlError(
      'ROW_SUBQUERY_TOO_MANY_ROWS',
      '21000',
      'More than one row returned by a subquery used as a row.',
    );
  }
  return values.map(({ type }, i) => ({ type, text: row?.[i] ?? null }));
}
