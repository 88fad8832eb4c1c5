import { TSparkParameter, TSparkParameterValue } from '@databricks/sql/thrift/TCLIService_types';
import { isSymbol, keyword, lex, type Token } from './lexer';
import { SqlError, syntaxError, unsupported } from './SqlError';
import { TokenReader } from './TokenReader';
import { unresolvedColumn } from './compile/failures';
import { variableName, variableParameter, type Variables } from './variables';

export interface Statement {
  readonly source: string;
  readonly parameters: readonly TSparkParameter[];
  /** Variables that get the values of its row. */
  readonly into?: readonly string[];
}

/** Comments may stand between the words. */
const MAY_BE_DYNAMIC = /\bEXECUTE(?:\s+IMMEDIATE\b|\s*(?:\/\*|--))|\bIDENTIFIER\s*(?:\(|\/\*|--)/i;

/**
 * What a statement becomes when its own text is put together first: `EXECUTE IMMEDIATE '…' USING …` is the statement in
 * it, `IDENTIFIER('a.b')`, `IDENTIFIER(:name)` and `IDENTIFIER(variable)` the name. Throws a SqlError.
 */
export function madeStatic(given: Statement, variables: Variables): Statement {
  if (!MAY_BE_DYNAMIC.test(given.source)) return given;
  const tokens = lex(given.source);
  if (keyword(tokens[0]) !== 'EXECUTE' || keyword(tokens[1]) !== 'IMMEDIATE')
    return withNames(given, tokens, variables);
  const inner = new ImmediateReader(tokens, given.parameters, variables).statement();
  const words = lex(inner.source);
  if (keyword(words[0]) === 'EXECUTE') {
    throw new SqlError('NESTED_EXECUTE_IMMEDIATE', '07501', 'Nested EXECUTE IMMEDIATE commands are not allowed.');
  }
  return withNames(inner, words, variables);
}

type Bound = { type: string; value?: TSparkParameterValue };

class ImmediateReader extends TokenReader {
  /** Markers without a name so far. */
  private positions = 0;

  constructor(
    tokens: readonly Token[],
    private readonly given: readonly TSparkParameter[],
    private readonly variables: Variables,
  ) {
    super(tokens);
  }

  statement(): Statement {
    this.at = 2;
    const { type, value } = this.bound() ?? { type: '' };
    if (type === '') throw unsupported('EXECUTE IMMEDIATE of anything but a string, a parameter or a variable');
    if (type !== 'STRING' && type !== 'VOID') {
      throw new SqlError(
        'INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE',
        '42K09',
        `Expression type must be string type but got "${type}".`,
      );
    }
    const source = value?.stringValue;
    if (source === undefined || source === null) {
      throw new SqlError(
        'NULL_QUERY_STRING_EXECUTE_IMMEDIATE',
        '22004',
        'Execute immediate requires a non-null string.',
      );
    }
    const into = this.take('INTO') ? this.targets() : undefined;
    const parameters = this.take('USING') ? this.values() : [];
    this.end();
    return { source, parameters, ...(into && { into }) };
  }

  private targets(): string[] {
    const names = [this.target()];
    while (this.symbol(',')) names.push(this.target());
    return names;
  }

  private target(): string {
    const parts = this.name();
    const name = variableName(parts);
    if (name === undefined || !this.variables.has(name)) throw unresolvedColumn(parts.join('`.`'));
    return name;
  }

  private values(): TSparkParameter[] {
    const inBrackets = this.symbol('(');
    const values = [this.value()];
    while (this.symbol(',')) values.push(this.value());
    if (inBrackets && !this.symbol(')')) throw this.unexpected();
    return values;
  }

  private value(): TSparkParameter {
    const known = this.bound();
    if (!known) throw unsupported('EXECUTE IMMEDIATE … USING anything but literals, parameters and variables');
    const name = this.take('AS') ? this.part() : undefined;
    return new TSparkParameter({ ...(name === undefined ? {} : { name }), ...known });
  }

  /** A literal, the value of a marker, or that of a variable; undefined for anything else. */
  private bound(): Bound | undefined {
    const sign = this.symbol('-') ? '-' : '';
    const token = this.tokens[this.at];
    const known = token && (typed(token, sign) ?? (sign === '' ? this.named(token) : undefined));
    if (known) this.at += 1;
    return known;
  }

  /** What a marker or a variable stands for; the reader comes to stand on its last token. */
  private named(token: Token): Bound | undefined {
    if (token.kind === 'parameter') {
      const unnamed = this.given.filter(({ name }) => !name);
      const found =
        token.value === '' ? unnamed[this.positions++] : this.given.find(({ name }) => name === token.value);
      return found && { type: found.type ?? 'STRING', ...(found.value && { value: found.value }) };
    }
    if (token.kind === 'symbol') return undefined;
    const parts = this.name();
    this.at -= 1;
    const variable = this.variables.get(variableName(parts) ?? '');
    if (!variable) throw unresolvedColumn(parts.join('`.`'));
    return variableParameter(variable);
  }
}

function typed(token: Token, sign: string): Bound | undefined {
  const of = (type: string, text: string): { type: string; value: TSparkParameterValue } => ({
    type,
    value: new TSparkParameterValue({ stringValue: text }),
  });
  if (token.kind === 'string') return sign === '' ? of('STRING', token.value) : undefined;
  if (token.kind === 'number') {
    const text = sign + token.text;
    if (/^-?\d+$/.test(text)) return of(Math.abs(Number(text)) < 2 ** 31 ? 'INT' : 'BIGINT', text);
    return /^-?\d*\.\d*$/.test(text) ? of('DECIMAL', text) : undefined;
  }
  const word = keyword(token);
  if (word === 'TRUE' || word === 'FALSE') return of('BOOLEAN', word.toLowerCase());
  return word === 'NULL' ? { type: 'VOID' } : undefined;
}

/** Puts names in the place of each IDENTIFIER(…), and takes away the parameters that they came from. */
function withNames(given: Statement, tokens: readonly Token[], variables: Variables): Statement {
  const { source, parameters } = given;
  let text = '';
  let end = 0;
  let positions = 0;
  const used = new Set<TSparkParameter>();
  const unnamed = parameters.filter(({ name }) => !name);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const isMarker = token?.kind === 'parameter' && token.value === '';
    if (keyword(token) !== 'IDENTIFIER' || !isSymbol(tokens[at + 1], '(')) {
      if (isMarker) positions += 1;
      continue;
    }
    const close = tokens.findIndex((other, index) => index > at && isSymbol(other, ')'));
    const parts = tokens.slice(at + 2, close < 0 ? undefined : close);
    const name = parts.map((part, index) => {
      if (index % 2 === 1) return isSymbol(part, '||') ? '' : undefined;
      if (part.kind === 'string') return part.value;
      if (part.kind === 'word' || part.kind === 'quoted')
        return variables.get(part.value.toLowerCase())?.text ?? undefined;
      if (part.kind !== 'parameter') return undefined;
      const parameter = part.value === '' ? unnamed[positions++] : parameters.find((one) => one.name === part.value);
      if (part.value === '' && parameter) used.add(parameter);
      return parameter?.value?.stringValue;
    });
    if (close < 0 || name.length % 2 === 0 || name.includes(undefined)) {
      throw unsupported('IDENTIFIER() of anything but strings, string parameters and variables');
    }
    text += source.slice(end, token?.start) + quoted(name.join(''));
    end = tokens[close]?.end ?? source.length;
    at = close;
  }
  return {
    ...given,
    source: text + source.slice(end),
    parameters: parameters.filter((parameter) => !used.has(parameter)),
  };
}

/** A name as an identifier says it, each part in backticks. Throws for what is no name. */
function quoted(name: string): string {
  const parts = lex(name);
  const isName =
    parts.length > 0 &&
    parts.every((part, index) =>
      index % 2 === 0 ? part.kind === 'word' || part.kind === 'quoted' : isSymbol(part, '.'),
    );
  if (!isName || parts.length % 2 === 0) throw syntaxError(`'${name}'`);
  return parts
    .filter((_part, index) => index % 2 === 0)
    .map(({ value }) => `\`${value.replaceAll('`', '``')}\``)
    .join('.');
}
