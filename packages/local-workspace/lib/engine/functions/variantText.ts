import { javaDouble } from './numbers';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/gs;

/** JSON as a variant keeps it: fields in the order of their names, and numbers as the one text that their value has. */
export function canonicalJson(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
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
    if (token === '{') return `{${fields(list('}', field)).join(',')}}`;
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
    return /^[-\d]/.test(token) ? numberText(token) : token;
  };
  const field = (): string => {
    const name = JSON.stringify(JSON.parse(next()));
    at += 1;
    return `${name}:${value()}`;
  };
  return value();
}

function fields(items: readonly string[]): string[] {
  const name = (item: string): string => /^"(?:[^"\\]|\\.)*"/s.exec(item)?.[0] ?? '';
  return [...items].sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
}

/** A number with a power is a DOUBLE; any other is a whole number or a decimal without zeros at its end. */
function numberText(text: string): string {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '').length;
  if (/e/i.test(text) || digits > 38) return javaDouble(Number(text));
  if (!text.includes('.')) return text === '-0' ? '0' : text;
  const plain = text.replace(/\.?0+$/, '');
  return plain === '-0' ? '0' : plain;
}
