import type { SqlType } from '../../../engine/types';
import { unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch, wrongArguments } from '../failures';
import { converts, isFractional, isIntegral, isMoment, isNumeric } from '../sqlTypes';
import { typeFromNode } from '../typeNodes';
import { arrayOf, DOUBLE, INT, STRING, type Typed } from '../Typed';
import { DATE_SIGNATURES } from './data/dates';
import { GENERAL_SIGNATURES } from './data/general';
import { NUMBER_SIGNATURES } from './data/numbers';
import { STRING_SIGNATURES } from './data/strings';

/** `name(types) result = template`; `$1` is the first argument. Several lines of one name are tried in order. */
interface Signature {
  parameters: readonly string[];
  result: string;
  template: string;
}

const LINE = /^(\w+)\(([^)]*)\) (\S+) = (.+)$/;

function parse(text: string): Map<string, Signature[]> {
  const table = new Map<string, Signature[]>();
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, names = '', parameters = '', result = '', template = ''] = LINE.exec(line.trim()) ?? [];
    const list = table.get(names) ?? [];
    list.push({
      parameters: parameters
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
      result,
      template,
    });
    table.set(names, list);
  }
  return table;
}

let parsed: Map<string, Signature[]> | undefined;

export function signatures(): ReadonlyMap<string, readonly Signature[]> {
  return (parsed ??= parse([NUMBER_SIGNATURES, STRING_SIGNATURES, DATE_SIGNATURES, GENERAL_SIGNATURES].join('\n')));
}

/** A call by its signature; undefined when the name has none. Throws for arguments that fit none. */
export function callSignature(name: string, args: readonly Typed[]): Typed | undefined {
  const all = signatures().get(name);
  if (!all) return undefined;
  const fitting = all.filter(({ parameters }) => parameters.length === args.length);
  if (fitting.length === 0) throw wrongArguments(name, args.length);
  const accepts = (test: (type: SqlType, parameter: string) => boolean): Signature | undefined =>
    fitting.find(({ parameters }) => parameters.every((parameter, i) => args[i] && test(args[i].type, parameter)));
  const firstIsExact = ({ parameters: [first] }: Signature): boolean =>
    first !== undefined && args[0] !== undefined && isExactly(args[0].type, first);
  const accepted = fitting.filter(({ parameters }) =>
    parameters.every((parameter, i) => args[i] && mayBecome(args[i].type, parameter)),
  );
  const chosen = accepts(isExactly) ?? accepted.find(firstIsExact) ?? accepted[0];
  if (!chosen) throw mismatch(`${name}()`);
  if (chosen.template === 'refused') throw unsupported(`${name}() of these arguments`);
  const values = args.map((arg, i) => become(arg, chosen.parameters[i] ?? 'any'));
  return { sql: `(${fill(chosen.template, values)})`, type: resultType(chosen.result, values) };
}

export function fill(template: string, values: readonly Typed[]): string {
  return template.replace(/\$(\d)/g, (_all, index) => values[Number(index) - 1]?.sql ?? 'NULL');
}

const GROUPS: Readonly<Record<string, ((type: SqlType) => boolean) | undefined>> = {
  any: () => true,
  integral: isIntegral,
  numeric: isNumeric,
  fractional: isFractional,
  moment: isMoment,
  array: (type) => type.kind === 'array',
  map: (type) => type.kind === 'map',
  struct: (type) => type.kind === 'struct',
  decimal: (type) => type.kind === 'decimal',
};

function isExactly(type: SqlType, parameter: string): boolean {
  const group = Object.hasOwn(GROUPS, parameter) ? GROUPS[parameter] : undefined;
  return type.kind === 'void' || (group ? group(type) : type.kind === simple(parameter).kind);
}

function mayBecome(type: SqlType, parameter: string): boolean {
  if (isExactly(type, parameter)) return true;
  if (parameter === 'numeric') return type.kind === 'string';
  if (Object.hasOwn(GROUPS, parameter)) return false;
  return converts(type, simple(parameter));
}

const DEFAULTS: Readonly<Record<string, SqlType | undefined>> = {
  numeric: DOUBLE,
  fractional: DOUBLE,
  integral: INT,
  array: arrayOf(INT),
  moment: { kind: 'timestamp' },
};

function become(value: Typed, parameter: string): Typed {
  const fallback = DEFAULTS[parameter];
  if (Object.hasOwn(GROUPS, parameter)) {
    return (value.type.kind === 'void' || value.type.kind === 'string') && fallback ? castTo(value, fallback) : value;
  }
  const type = simple(parameter);
  return value.type.kind === type.kind ? value : castTo(value, type);
}

function simple(name: string): SqlType {
  if (name === 'string') return STRING;
  if (name === 'interval') return { kind: 'interval day to second' };
  if (name === 'months') return { kind: 'interval year to month' };
  if (name === 'ntz') return { kind: 'timestamp_ntz' };
  if (name.endsWith('[]')) return arrayOf(simple(name.slice(0, -2)));
  return typeFromNode({ data_type: 'custom', name });
}

/** A type by name, `=1` for that of the first argument, `element` for the elements of it. */
function resultType(result: string, values: readonly Typed[]): SqlType {
  const [first] = values;
  if (result.startsWith('=')) return values[Number(result.slice(1)) - 1]?.type ?? STRING;
  if (result === 'element') return first?.type.kind === 'array' ? first.type.element : STRING;
  return simple(result);
}
