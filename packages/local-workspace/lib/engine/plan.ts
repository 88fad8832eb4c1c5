import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import type { DeclaredColumns } from '../sql/declaredColumns';
import { DATABRICKS_RULES, lex } from '../sql/lexer';
import { parseCommand, type Command } from '../sql/commands';
import { parameterSql } from '../sql/parameters';
import { literal } from '../sql/quote';
import type { SqlSession } from '../sql/session';
import { SqlError } from '../sql/SqlError';
import { translate, type StatementKind, type Translation } from '../sql/translate';

/** What to do for a statement. */
export type Plan =
  | { kind: 'command'; command: Command; source: string }
  | {
      kind: StatementKind;
      sql: string;
      sleepMs: number;
      voidColumns: readonly number[];
      viewName?: string;
      declared?: DeclaredColumns;
    };

/** Reads a statement. Throws a SqlError for bad syntax, unsupported constructs and unbound parameters. */
export function planStatement(source: string, parameters: readonly TSparkParameter[], session: SqlSession): Plan {
  const command = parseCommand(lex(source, DATABRICKS_RULES));
  if (command) return { kind: 'command', command, source };
  const translation = translate(source);
  return {
    kind: translation.kind,
    sql: bind(translation, parameters, session),
    sleepMs: translation.sleepMs,
    voidColumns: translation.voidColumns,
    ...(translation.declared && { declared: translation.declared }),
    ...(translation.viewName === undefined ? {} : { viewName: translation.viewName }),
  };
}

function bind(translation: Translation, parameters: readonly TSparkParameter[], session: SqlSession): string {
  const values = translation.parameters.map((name, i) => parameterSql(parameterFor(name, i, translation, parameters)));
  let sql = translation.pieces[0] ?? '';
  translation.holes.forEach((hole, i) => {
    sql += typeof hole === 'number' ? (values[hole] ?? 'NULL') : literal(session[hole]);
    sql += translation.pieces[i + 1] ?? '';
  });
  return sql;
}

function parameterFor(
  name: string | undefined,
  index: number,
  translation: Translation,
  parameters: readonly TSparkParameter[],
): TSparkParameter {
  if (name !== undefined) {
    const named = parameters.find((parameter) => parameter.name === name);
    if (named) return named;
    throw new SqlError(
      'UNBOUND_SQL_PARAMETER',
      '42P02',
      `Found the unbound parameter: ${name}. Please, fix \`args\` and provide a mapping of the parameter to a SQL literal.`,
    );
  }
  const ordinal = translation.parameters.slice(0, index).filter((other) => other === undefined).length;
  const value = parameters.filter((parameter) => !parameter.name)[ordinal];
  if (value) return value;
  throw new SqlError(
    'UNBOUND_SQL_PARAMETER',
    '42P02',
    `Found the unbound parameter: _${ordinal}. Please, fix \`args\` and provide a mapping of the parameter to a SQL literal.`,
  );
}
