import { TSparkParameter, TSparkParameterValue } from '@databricks/sql/thrift/TCLIService_types';
import { isSymbol, keyword, lex, type Token } from './lexer';
import { SqlError, syntaxError, unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

export interface Statement {
  readonly source: string;
  readonly parameters: readonly TSparkParameter[];
}

const MAY_BE_DYNAMIC = /\bEXECUTE\s+IMMEDIATE\b|\bIDENTIFIER\s*\(/i;

/**
 * What a statement becomes when its own text is put together first: `EXECUTE IMMEDIATE '…' USING …` is the statement in
 * it, `IDENTIFIER('a.b')` and `IDENTIFIER(:name)` the name. Throws a SqlError.
 */
export function madeStatic(given: Statement): Statement {
  if (!MAY_BE_DYNAMIC.test(given.source)) return given;
  const tokens = lex(given.source);
  if (keyword(tokens[0]) !== 'EXECUTE' || keyword(tokens[1]) !== 'IMMEDIATE') return withNames(given, tokens);
  if (given.parameters.length > 0) throw unsupported('EXECUTE IMMEDIATE with parameters of the client');
  const inner = new ImmediateReader(tokens).statement();
  const words = lex(inner.source);
  if (keyword(words[0]) === 'EXECUTE') {
    throw new SqlError('NESTED_EXECUTE_IMMEDIATE', '07501', 'Nested EXECUTE IMMEDIATE commands are not allowed.');
  }
  return withNames(inner, words);
}

class ImmediateReader extends TokenReader {
  statement(): Statement {
    this.at = 2;
    if (this.tokens[this.at]?.kind !== 'string')
      throw unsupported('EXECUTE IMMEDIATE of anything but a string literal');
    const source = this.string();
    if (this.take('INTO')) throw unsupported('EXECUTE IMMEDIATE … INTO');
    const parameters = this.take('USING') ? this.values() : [];
    this.end();
    return { source, parameters };
  }

  private values(): TSparkParameter[] {
    const inBrackets = this.symbol('(');
    const values = [this.value()];
    while (this.symbol(',')) values.push(this.value());
    if (inBrackets && !this.symbol(')')) throw this.unexpected();
    return values;
  }

  private value(): TSparkParameter {
    const sign = this.symbol('-') ? '-' : '';
    const token = this.tokens[this.at];
    const known = token && typed(token, sign);
    if (!known) throw unsupported('EXECUTE IMMEDIATE … USING anything but literals');
    this.at += 1;
    const name = this.take('AS') ? this.part() : undefined;
    return new TSparkParameter({ ...(name === undefined ? {} : { name }), ...known });
  }

  private symbol(text: string): boolean {
    const found = isSymbol(this.tokens[this.at], text);
    if (found) this.at += 1;
    return found;
  }
}

function typed(token: Token, sign: string): { type: string; value?: TSparkParameterValue } | undefined {
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
function withNames({ source, parameters }: Statement, tokens: readonly Token[]): Statement {
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
      if (part.kind !== 'parameter') return undefined;
      const parameter = part.value === '' ? unnamed[positions++] : parameters.find((one) => one.name === part.value);
      if (part.value === '' && parameter) used.add(parameter);
      return parameter?.value?.stringValue;
    });
    if (close < 0 || name.length % 2 === 0 || name.includes(undefined)) {
      throw unsupported('IDENTIFIER() of anything but strings and string parameters');
    }
    text += source.slice(end, token?.start) + quoted(name.join(''));
    end = tokens[close]?.end ?? source.length;
    at = close;
  }
  return { source: text + source.slice(end), parameters: parameters.filter((parameter) => !used.has(parameter)) };
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
