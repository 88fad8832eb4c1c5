import { MACROS } from '../engine/macros';
import { unsupported } from './SqlError';

/** Most characters that one expression, and what the database makes of it, may have. */
const MAX_CHARACTERS = 5_000_000;
/** A statement that is long itself may be as many times longer. */
const MAX_FACTOR = 20;

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*\(?|[()]/g;

/**
 * The database puts the arguments of its macros into their bodies as text, wherever they stand there. Nested macros, and
 * templates with an argument in several places, thereby make small statements huge. Throws for those, by name.
 */
export function checkExpansion(sql: string, source: string): void {
  const characters = expanded(sql);
  if (characters > MAX_CHARACTERS && characters > MAX_FACTOR * source.length) throw tooDeep();
}

/** Throws for a part of a statement that is too long already. */
export function checkLength(sql: string): void {
  if (sql.length > MAX_CHARACTERS) throw tooDeep();
}

const tooDeep = (): Error => unsupported('An expression with functions nested as deeply as here');

function expanded(sql: string): number {
  let characters = sql.length;
  if (!sql.includes('__')) return characters;
  scan(sql, (word, times) => {
    characters += word.length * (times - 1);
  });
  return characters;
}

/** Each word and literal of a text, and how often it stands there when the macros around it are expanded. */
function scan(sql: string, found: (word: string, times: number) => void): void {
  const outer: number[] = [];
  let times = 1;
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ')') times = outer.pop() ?? 1;
    else {
      found(token, times);
      if (!token.endsWith('(')) continue;
      outer.push(times);
      times *= factors().get(token.slice(0, -1)) ?? 1;
    }
  }
}

let known: ReadonlyMap<string, number> | undefined;

/** How often the parameter that stands most often in a macro does. Macros only use those before them. */
function factors(): ReadonlyMap<string, number> {
  if (known) return known;
  const table = new Map<string, number>();
  known = table;
  for (const macro of MACROS) {
    const [, name = '', parameters = '', body = ''] = /^(\w+)\(([^)]*)\) AS ([^]*)$/.exec(macro) ?? [];
    const counts = new Map(parameters.split(',').map((parameter) => [parameter.trim(), 0]));
    scan(body, (word, times) => {
      const count = counts.get(word);
      if (count !== undefined) counts.set(word, count + times);
    });
    table.set(name, Math.max(1, ...counts.values()));
  }
  return table;
}
