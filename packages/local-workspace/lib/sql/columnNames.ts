import { Dialect, generate } from '@polyglot-sql/sdk';
import { isSymbol, lex } from './lexer';
import { EMPTY_SELECT, isNode, plainIdentifier, type Node } from './nodes';

/** Expressions that name themselves, or that must stay bare to mean what they mean. */
const LEFT_ALONE = new Set(['column', 'alias', 'star', 'explode', 'dot', 'literal_star', 'aliases']);
const GENERATORS = new Set(['posexplode', 'inline', 'stack', 'explode_outer', 'explode']);

/** Gives every unnamed output expression of a query the name that a warehouse gives it: its own text. */
export function nameColumns(root: Node): void {
  const query = root['select'];
  if (!isNode(query) || !Array.isArray(query['expressions'])) {
    const left = [root['union'], root['intersect'], root['except']].find(isNode)?.['left'];
    if (isNode(left)) nameColumns(left);
    return;
  }
  query['expressions'] = query['expressions'].map((item: unknown) => (isNode(item) ? named(item) : item));
}

function named(expression: Node): Node {
  const [kind = ''] = Object.keys(expression);
  if (LEFT_ALONE.has(kind)) return expression;
  const inner = expression[kind];
  if (kind === 'function' && isNode(inner) && GENERATORS.has(String(inner['name']).toLowerCase())) return expression;
  const name = expressionText(expression);
  if (name === undefined) return expression;
  return { alias: { this: expression, alias: plainIdentifier(name, true), column_aliases: [], trailing_comments: [] } };
}

function expressionText(expression: Node): string | undefined {
  const { literal } = expression;
  if (isNode(literal) && (literal['literal_type'] === 'date' || literal['literal_type'] === 'timestamp')) {
    return `${String(literal['literal_type']).toUpperCase()} '${String(literal['value'])}'`;
  }
  const generated = generate([{ select: { ...EMPTY_SELECT, expressions: [expression] } }], Dialect.Databricks);
  const text = generated.success ? generated.sql?.[0] : undefined;
  if (text === undefined || !text.startsWith('SELECT ')) return undefined;
  const bare = text.slice('SELECT '.length);
  return bare === 'COUNT(*)' ? 'count(1)' : unquoted(withLowerCaseCalls(bare));
}

/** The generator writes function names in upper case, a warehouse as they are. */
function withLowerCaseCalls(text: string): string {
  const tokens = lex(text);
  let result = '';
  let at = 0;
  tokens.forEach((token, i) => {
    const isCall = token.kind === 'word' && isSymbol(tokens[i + 1], '(') && !/^(?:TRY_)?CAST$/i.test(token.text);
    result += text.slice(at, token.start) + (isCall ? token.text.toLowerCase() : token.text);
    at = token.end;
  });
  return result + text.slice(at);
}

/** A text literal is named by its content. */
function unquoted(text: string): string {
  const literal = /^'((?:[^'\\]|'')*)'$/.exec(text);
  return literal ? (literal[1] as string).replaceAll("''", "'") : text;
}
