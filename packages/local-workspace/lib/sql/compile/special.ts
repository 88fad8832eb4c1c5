import { isNode, literalOf } from '../nodes';
import { FIELD } from '../shorthands';
import { unsupported } from '../SqlError';
import { callFunction } from './calls';
import { fieldNameOf, structOf } from './functions/general';
import type { Handler, Place } from './context';
import { compileExpression } from './expression';
import { datePart } from './functions/dateParts';
import type { Typed } from './Typed';

/** Functions with words between their arguments, and those that the parser reads by name although they are marked nowhere. */
function values(place: Place, ...nodes: unknown[]): Typed[] {
  return nodes.filter((node) => node !== null && node !== undefined).map((node) => compileExpression(node, place));
}

function bare(name: string): Handler {
  return (_inner, place) => callFunction(name, [], {}, place);
}

export const SPECIAL: Readonly<Record<string, Handler>> = {
  extract: (inner, place) => datePart(fieldName(inner['field']), compileExpression(inner['this'], place)),
  trim: (inner, place) => {
    const position = typeof inner['position'] === 'string' ? inner['position'].toLowerCase() : 'both';
    const name = position === 'leading' ? 'ltrim' : position === 'trailing' ? 'rtrim' : 'trim';
    const [text, characters] = values(place, inner['this'], inner['characters']);
    if (!text) throw unsupported('TRIM of nothing');
    return callFunction(`__${name}`, characters ? [text, characters] : [text], {}, place);
  },
  substring: (inner, place) =>
    callFunction('substring', values(place, inner['this'], inner['start'], inner['length']), {}, place),
  str_position: (inner, place) => callFunction('position', values(place, inner['substr'], inner['this']), {}, place),
  overlay: (inner, place) =>
    callFunction(
      'overlay',
      values(place, inner['this'], inner['replacement'], inner['from'], inner['length']),
      {},
      place,
    ),
  tuple: (inner, place) => rowOf(Array.isArray(inner['expressions']) ? (inner['expressions'] as unknown[]) : [], place),
  current_date: bare('current_date'),
  current_timestamp: bare('current_timestamp'),
  current_time: bare('current_time'),
  localtimestamp: bare('localtimestamp'),
  current_user: bare('current_user'),
  session_user: bare('session_user'),
  current_schema: bare('current_schema'),
  current_catalog: bare('current_catalog'),
};

/** `(a, b)`: a struct. */
function rowOf(nodes: readonly unknown[], place: Place): Typed {
  return structOf(nodes.map((node, i) => ({ name: fieldNameOf(node, i), value: compileExpression(node, place) })));
}

function fieldName(field: unknown): string {
  if (typeof field === 'string') return field.toLowerCase();
  if (isNode(field)) {
    const text = literalOf(field)?.['value'] ?? field['Custom'] ?? field['custom'];
    if (typeof text === 'string') return text.replace(FIELD, '').toLowerCase();
  }
  throw unsupported('EXTRACT of this field');
}
