import { call, columnNode, literalOf, number, type Node } from './nodes';
import { unsupported } from './SqlError';

/** What a session supplies when the statement runs. */
export type SessionValue = 'user' | 'catalog' | 'schema';

function sessionValue(what: SessionValue): Node {
  return columnNode(`__s_${what}__`);
}

/** What a call of a Databricks function becomes. */
export function functionCall(inner: Node, node: Node, result: { sleepMs: number }): Node {
  const name = String(inner['name']).toLowerCase();
  const args = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  switch (name) {
    case 'sleep': {
      const seconds = Number(literalOf(args[0])?.['value']);
      if (!Number.isFinite(seconds)) throw unsupported('sleep() with an argument that is no number literal');
      result.sleepMs += seconds * 1000;
      return number(0);
    }
    case 'current_user':
    case 'session_user':
    case 'user':
      return sessionValue('user');
    case 'current_catalog':
      return sessionValue('catalog');
    case 'current_schema':
    case 'current_database':
      return sessionValue('schema');
    case 'version':
      return call('__version', []);
    case 'current_timestamp':
    case 'localtimestamp':
      return { function: { ...inner, args: [], no_parens: true } };
    case 'aggregate':
    case 'reduce':
      if (args.length !== 3) throw unsupported(`${name}() with a finishing function`);
      return call('list_reduce', [args[0], args[2], args[1]]);
    case 'unix_timestamp':
      return args.length < 2 ? call('__unix_timestamp', args) : node;
    case 'from_unixtime':
      return args.length === 1 ? call('__from_unixtime', args) : node;
    case 'concat':
      return args.length < 2 ? node : (args as Node[]).reduce((left, right) => call('__concat', [left, right]));
    case 'from_json':
    case 'inline':
    case 'zip_with':
      throw unsupported(`${name}()`);
    case 'exists':
      return { gt: { left: call('len', [call('list_filter', args)]), right: number(0) } };
    case 'trunc':
      return args.length === 2 ? call('__trunc', args) : node;
    case 'to_timestamp':
      return args.length === 1 ? call('__timestamp', args) : node;
    default: {
      const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
      return renamed === undefined ? node : call(renamed, args);
    }
  }
}

/** Functions that the translation would give another meaning, or that take a lambda, which a macro cannot pass on. */
const RENAMED: Readonly<Record<string, string>> = {
  transform: 'list_transform',
  hex: '__hex',
  format_string: 'printf',
  flatten: '__flatten',
  weekday: '__weekday',
  regexp_extract: '__regexp_extract',
  sha2: '__sha2',
  hash: '__hash',
};
