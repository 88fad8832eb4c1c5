import { javaDouble } from './numbers';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/gs;

/**
 * JSON as a variant keeps it: fields in the order of their names, and numbers as the one text that their value has.
 * Undefined where an object has two fields of one name.
 */
export function canonicalJson(text: string): string | undefined {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  let isDoubled = false;
  const next = (): string => tokens[at++] ?? 'null';
  const list = (end: string, item: () => string): string[] => {
    const items: string[] = [];
    while (at < tokens.length && tokens[at] !== end) {
      items.push(item());
      if (tokens[at] === ',') at += 1;
    }
    at += 1;
    return items;
  };
  const value = (): string => {
    const token = next();
    if (token === '[') return `[${list(']', value).join(',')}]`;
    if (token === '{') {
      const sorted = fields(list('}', field));
      isDoubled ||= sorted.some((item, i) => i > 0 && nameOf(item) === nameOf(sorted[i - 1] ?? ''));
      return `{${sorted.join(',')}}`;
    }
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
    return /^[-\d]/.test(token) ? numberText(token) : token;
  };
  const field = (): string => {
    const name = JSON.stringify(JSON.parse(next()));
    at += 1;
    return `${name}:${value()}`;
  };
  const json = value();
  return isDoubled ? undefined : json;
}

/** The names of the fields of an object in a text of JSON, in their order, doubled ones too. */
export function namesOf(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let before = '';
  for (const token of text.match(TOKEN) ?? []) {
    if (token === ':' && depth === 1) names.push(String(JSON.parse(before)));
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    before = token;
  }
  return names;
}

function fields(items: readonly string[]): string[] {
  return [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function nameOf(field: string): string {
  return /^"(?:[^"\\]|\\.)*"/s.exec(field)?.[0] ?? '';
}

/** A number with a power is a DOUBLE; any other is a whole number or a decimal without zeros at its end. */
function numberText(text: string): string {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '').length;
  if (/e/i.test(text) || digits > 38) return javaDouble(Number(text));
  if (!text.includes('.')) return text === '-0' ? '0' : text;
  const plain = text.replace(/\.?0+$/, '');
  return plain === '-0' ? '0' : plain;
}
