import { TSparkParameterValue, type TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import { typeName, type SqlType } from '../engine/types';
import { textLiteral } from './compile/literals';
import { literal } from './quote';
import { isSymbol, keyword, type Token } from './lexer';
import { SqlError } from './SqlError';
import { TokenReader } from './TokenReader';
import { duckType } from './compile/sqlTypes';
import type { Typed } from './compile/Typed';

/** A variable of a session: its value as DuckDB writes it, and the expression that DEFAULT stands for. */
export interface Variable {
  readonly type: SqlType;
  readonly text: string | null;
  readonly initial: string;
}

/** By lower-case name. */
export type Variables = ReadonlyMap<string, Variable>;

/** A part of the source of a statement. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type VariableCommand =
  | {
      kind: 'declare-variable';
      names: readonly string[];
      replace: boolean;
      type: Span | undefined;
      value: Span | undefined;
    }
  | { kind: 'set-variables'; names: readonly string[]; values: readonly (Span | 'default')[] }
  | { kind: 'set-variables-from-query'; names: readonly string[]; query: Span }
  | { kind: 'drop-variable'; name: string; ifExists: boolean }
  /** `EXECUTE IMMEDIATE … INTO`. */
  | {
      kind: 'execute-into';
      names: readonly string[];
      query: { source: string; parameters: readonly TSparkParameter[] };
    };

/** The value of a variable in an expression. */
export function variableValue({ type, text }: Variable): Typed {
  if (text !== null && type.kind === 'string') return textLiteral(text);
  return { sql: `CAST(${text === null ? 'NULL' : literal(text)} AS ${duckType(type)})`, type };
}

/** The value of a variable as a client would bind it to a parameter. */
export function variableParameter({ type, text }: Variable): { type: string; value?: TSparkParameterValue } {
  if (text === null) return { type: 'VOID' };
  return { type: typeName(type).toUpperCase(), value: new TSparkParameterValue({ stringValue: text }) };
}

/** The variable that `a`, `session.a` or `system.session.a` names. Throws when there is none. */
export function variableNamed(name: string, variables: Variables): Variable {
  const found = variables.get(name);
  if (found) return found;
  throw unresolvedVariable(name);
}

export function unresolvedVariable(name: string): SqlError {
  return new SqlError(
    'UNRESOLVED_VARIABLE',
    '42883',
    `Cannot resolve variable \`${name}\` on search path \`SYSTEM\`.\`SESSION\`.`,
  );
}

/** The name of a variable in lower case without the schema of variables; undefined for a name in another. */
export function variableName(parts: readonly string[]): string | undefined {
  const lower = parts.map((part) => part.toLowerCase());
  const name = lower.at(-1);
  return ['', 'session', 'system.session'].includes(lower.slice(0, -1).join('.')) ? name : undefined;
}

/** The statement that `tokens` spell; undefined when they are about something else. Throws syntax errors. */
export function parseVariableCommand(tokens: readonly Token[]): VariableCommand | undefined {
  return new VariableReader(tokens).command();
}

class VariableReader extends TokenReader {
  command(): VariableCommand | undefined {
    const [first, second] = [keyword(this.tokens[0]), keyword(this.tokens[1])];
    if (first === 'DECLARE') return this.declare();
    if (first === 'SET' && (second === 'VAR' || second === 'VARIABLE')) return this.set();
    return first === 'DROP' && second === 'TEMPORARY' && keyword(this.tokens[2]) === 'VARIABLE'
      ? this.drop()
      : undefined;
  }

  private declare(): VariableCommand {
    this.at = 1;
    const replace = this.take('OR', 'REPLACE');
    if (!this.take('VARIABLE')) this.take('VAR');
    const names = [this.variable()];
    while (this.symbol(',')) names.push(this.variable());
    const type = this.until((token) => keyword(token) === 'DEFAULT' || isSymbol(token, '='));
    const value = this.take('DEFAULT') || this.symbol('=') ? this.needed(this.until(() => false)) : undefined;
    if (type === undefined && value === undefined) {
      throw new SqlError(
        'INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED',
        '42000',
        'Invalid SQL syntax: The definition of a SQL variable requires either a datatype or a DEFAULT clause.',
      );
    }
    this.end();
    return { kind: 'declare-variable', names, replace, type, value };
  }

  private set(): VariableCommand {
    this.at = 2;
    if (this.symbol('(')) return this.setFromQuery();
    const names: string[] = [];
    const values: (Span | 'default')[] = [];
    do {
      names.push(this.variable());
      if (!this.symbol('=')) throw this.unexpected();
      values.push(this.take('DEFAULT') ? 'default' : this.needed(this.until((token) => isSymbol(token, ','))));
    } while (this.symbol(','));
    this.end();
    return { kind: 'set-variables', names: distinct(names), values };
  }

  private setFromQuery(): VariableCommand {
    const names = [this.variable()];
    while (this.symbol(',')) names.push(this.variable());
    if (!this.symbol(')') || !this.symbol('=') || !this.symbol('(')) throw this.unexpected();
    const query = this.needed(this.until((token) => isSymbol(token, ')')));
    if (!this.symbol(')')) throw this.unexpected();
    this.end();
    return { kind: 'set-variables-from-query', names: distinct(names), query };
  }

  private drop(): VariableCommand {
    this.at = 3;
    const ifExists = this.take('IF', 'EXISTS');
    const name = this.variable();
    this.end();
    return { kind: 'drop-variable', name, ifExists };
  }

  private variable(): string {
    const parts = this.name();
    const name = variableName(parts);
    if (name !== undefined) return name;
    throw unresolvedVariable(parts.join('`.`'));
  }

  /** What stands before the first token outside of brackets that `ends`, or before the end. */
  private until(ends: (token: Token) => boolean): Span | undefined {
    const first = this.at;
    let depth = 0;
    for (; this.more(); this.at += 1) {
      const token = this.tokens[this.at] as Token;
      if (depth === 0 && ends(token)) break;
      if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
      if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    }
    const [start, last] = [this.tokens[first], this.tokens[this.at - 1]];
    return this.at === first || !start || !last ? undefined : { start: start.start, end: last.end };
  }

  private needed(span: Span | undefined): Span {
    if (span) return span;
    throw this.unexpected();
  }
}

function distinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names;
  throw new SqlError(
    'DUPLICATE_ASSIGNMENTS',
    '42701',
    `The columns or variables \`${twice}\` appear more than once as assignment targets.`,
  );
}
