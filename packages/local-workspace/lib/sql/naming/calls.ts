import { own } from '../../own';
import { calledName } from '../compile/calls';
import { isNode, literalOf, type Node } from '../nodes';
import { FIELD } from '../shorthands';
import { CALLS, CAPITALS, DEFAULTS, SHOWN, SYNONYMS, TYPES } from './functions';
import { listOf, name, type At, type Namer } from './name';
import { orderName, windowName } from './windows';

const UNITS = /^(?:date_?add|date_?diff|timestampadd|timestampdiff)$/;

function callName(inner: Node, at: At): string {
  const called = (calledName(inner) ?? String(inner['name'])).toLowerCase();
  const args = argumentsOf(called, inner, at).slice(0, own(SHOWN, called));
  const written = own(CALLS, called);
  if (written) return written(args);
  if (TYPES.has(called) && args.length === 1) return args[0] ?? '';
  const isShift = UNITS.test(called) && args.length === 3;
  const shown = isShift
    ? `timestamp${/add/.test(called) ? 'add' : 'diff'}`
    : ((called === 'ceil' || called === 'floor') && args.length === 1) || CAPITALS.has(called)
      ? called.toUpperCase()
      : (own(SYNONYMS, called) ?? called);
  const rest = (own(DEFAULTS, called) ?? []).slice(args.length);
  const all_ = [...args, ...rest].join(', ');
  const condition = inner['filter'] === undefined || inner['filter'] === null ? '' : filterName(inner['filter'], at);
  return `${shown}(${inner['distinct'] === true ? 'DISTINCT ' : ''}${all_})${condition}`;
}

function argumentsOf(called: string, inner: Node, at: At): string[] {
  const given = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  return given.flatMap((node) => {
    const star = isNode(node) ? node['star'] : undefined;
    if (!isNode(star)) return [name(node, at)];
    if (called === 'count' && inner['distinct'] !== true) return ['1'];
    const table = isNode(star['table']) ? String(star['table']['name']) : undefined;
    return at.place.scope.query.star(table).map(({ column }) => column.name);
  });
}

const filterName = (node: unknown, at: At): string => ` FILTER (WHERE ${name(node, at)})`;

function lambdaName(inner: Node, at: At): string {
  const parameters = (Array.isArray(inner['parameters']) ? (inner['parameters'] as unknown[]) : []).filter(isNode);
  const variables = new Set([...at.variables, ...parameters.map((each) => String(each['name']).toLowerCase())]);
  const own = parameters.map(() => ', namedlambdavariable()').join('');
  return `lambdafunction(${name(inner['body'], { ...at, variables })}${own})`;
}

export const CALL_NAMES: Readonly<Record<string, Namer>> = {
  lambda: lambdaName,
  function: callName,
  aggregate_function: callName,
  filter: (inner, at) => name(inner['this'], at) + filterName(inner['expression'] ?? inner['condition'], at),
  within_group: (inner, at) => {
    const call = name(inner['this'], at).replace(/^string_agg/, 'listagg');
    const keys = listOf(inner['order_by']).map((key) => orderName(key, at));
    const shown = call.startsWith('listagg')
      ? keys
      : keys.map((key) => key.replace(/(?: ASC)? NULLS (?:FIRST|LAST)$/, ''));
    return `${call} WITHIN GROUP (ORDER BY ${shown.join(', ')})`;
  },
  ignore_nulls: (inner, at) => name(inner['this'], at),
  respect_nulls: (inner, at) => name(inner['this'], at),
  window_function: windowName,
  extract: (inner, at) => `extract(${fieldName(inner['field'])} FROM ${name(inner['this'], at)})`,
  trim: (inner, at) => {
    const position = typeof inner['position'] === 'string' ? inner['position'].toUpperCase() : 'BOTH';
    const [text, characters] = [name(inner['this'], at), inner['characters']];
    if (isNode(characters)) return `TRIM(${position} ${name(characters, at)} FROM ${text})`;
    return `${position === 'LEADING' ? 'ltrim' : position === 'TRAILING' ? 'rtrim' : 'trim'}(${text})`;
  },
  substring: (inner, at) =>
    `substring(${name(inner['this'], at)}, ${name(inner['start'], at)}, ${isNode(inner['length']) ? name(inner['length'], at) : '2147483647'})`,
  str_position: (inner, at) => `locate(${name(inner['substr'], at)}, ${name(inner['this'], at)}, 1)`,
  overlay: (inner, at) =>
    `overlay(${['this', 'replacement', 'from'].map((part) => name(inner[part], at)).join(', ')}, ${isNode(inner['length']) ? name(inner['length'], at) : '-1'})`,
  current_date: () => 'current_date()',
  current_timestamp: () => 'current_timestamp()',
  localtimestamp: () => 'localtimestamp()',
  current_user: () => 'current_user()',
  session_user: () => 'session_user()',
  current_schema: () => 'current_schema()',
  current_catalog: () => 'current_catalog()',
};

function fieldName(field: unknown): string {
  const text = isNode(field) ? (literalOf(field)?.['value'] ?? field['Custom'] ?? field['custom']) : field;
  return String(text).replace(FIELD, '');
}
