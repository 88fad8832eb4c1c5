import { Dialect, generate } from '@polyglot-sql/sdk';
import { withTexts, type Context } from './compile/context';
import { isSymbol, lex } from './lexer';
import { MARK } from './marking';
import { EMPTY_SELECT, isNode, type Node } from './nodes';

/** The name that a warehouse gives an unnamed output expression: its own text. */
export function nameOf(expression: Node, context: Context): string {
  const { literal } = expression;
  if (isNode(literal)) {
    const value = withTexts(String(literal['value']), context);
    const type = literal['literal_type'];
    return type === 'date' || type === 'timestamp' ? `${type.toUpperCase()} '${value}'` : value;
  }
  const generated = generate([{ select: { ...EMPTY_SELECT, expressions: [expression] } }], Dialect.Databricks);
  const text = generated.success ? generated.sql?.[0] : undefined;
  if (text === undefined || !text.startsWith('SELECT ')) return 'col';
  const bare = withLowerCaseCalls(text.slice('SELECT '.length));
  const named = withTexts(bare, context).replace(/__n(\d+)__/g, (_mark, index) =>
    String(context.numbers[Number(index)]?.constant ?? ''),
  );
  return named === 'count(*)' ? 'count(1)' : named;
}

/** The generator writes function names in upper case, a warehouse as they are. */
function withLowerCaseCalls(text: string): string {
  const tokens = lex(text);
  let result = '';
  let at = 0;
  tokens.forEach((token, i) => {
    const plain = token.text.toLowerCase().startsWith(MARK) ? token.text.slice(MARK.length) : token.text;
    const isCall = token.kind === 'word' && isSymbol(tokens[i + 1], '(') && !/^(?:TRY_)?CAST$/i.test(plain);
    result += text.slice(at, token.start) + (isCall ? plain.toLowerCase() : plain);
    at = token.end;
  });
  return result + text.slice(at);
}
