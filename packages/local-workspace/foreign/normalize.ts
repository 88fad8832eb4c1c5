/** Values of different languages in one spelling, by the name of the type. Total. */
export function normalize(typeName: string, value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return JSON.stringify(nested(value));
  return spelling(typeName, value);
}

function spelling(typeName: string, text: string): string {
  switch (typeName.replace(/[(<].*$/, '')) {
    case 'float':
      return String(Math.fround(number(text)));
    case 'double':
      return String(number(text));
    case 'decimal':
      return /[eE]/.test(text) ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    case 'timestamp':
    case 'timestamp_ntz':
      return text
        .replace('T', ' ')
        .replace(/(?:Z|[+-]00:?00)$/, '')
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
    case 'interval day to second':
      return text.replace(/(\.\d*?)0+$/, '$1');
    case 'array':
    case 'map':
    case 'struct':
      return JSON.stringify(nested(parsed(text)));
    default:
      return text;
  }
}

/** `NaN` and the infinities as each language spells them. */
function number(text: string): number {
  const word = text.toLowerCase().replace(/^\+/, '');
  if (word === 'nan') return Number.NaN;
  if (/^-?inf(?:inity)?$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Scalars in what is nested are told apart by their text alone; a whole number may come as a double. */
function nested(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(nested);
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, nested(item)]),
    );
  }
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/^(-?\d+)\.0$/, '$1');
}
