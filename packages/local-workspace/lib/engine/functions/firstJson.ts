const SPACE = /[ \t\n\r]*/y;
const SCALAR = /"(?:[^"\\]|\\.)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[ \t\n\r]|$)/sy;
const INNER = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^"[\]{}]+/gsy;

/**
 * The first value of a text of JSON, with whatever stands behind it left away; characters in its strings that JSON wants
 * escaped are. NULL for a text that begins with none. Brackets are counted: it may still be no JSON.
 */
export function firstJson(text: string): string | null {
  SPACE.lastIndex = 0;
  SPACE.test(text);
  const start = SPACE.lastIndex;
  const end = '[{'.includes(text[start] ?? ' ') ? bracketsEnd(text, start) : scalarEnd(text, start);
  return end === undefined ? null : withEscapes(text.slice(start, end));
}

function scalarEnd(text: string, start: number): number | undefined {
  SCALAR.lastIndex = start;
  return SCALAR.test(text) ? SCALAR.lastIndex : undefined;
}

function bracketsEnd(text: string, start: number): number | undefined {
  INNER.lastIndex = start;
  let depth = 0;
  for (;;) {
    const [part] = INNER.exec(text) ?? [];
    if (part === undefined) return undefined;
    if (part === '[' || part === '{') depth += 1;
    if (part === ']' || part === '}') depth -= 1;
    if (depth === 0) return INNER.lastIndex;
  }
}

function withEscapes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (found) =>
    found.replace(/[\0-\x1f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
