/** How an engine writes what standard SQL writes as `"name"`, and its words for those that it does not know. */
export interface Dialect {
  readonly nameQuote: '"' | '`';
  readonly words: Readonly<Record<string, string>>;
}

const TOKEN = /'((?:[^']|'')*)'|"([^"]*)"|\b[A-Z]+\b/g;

/**
 * Standard SQL in the words of an engine. The engines take a backslash in a text for the beginning of an escape, which
 * standard SQL does not: each one is doubled, so that no text can end its literal.
 */
export function spoken(sql: string, { nameQuote, words }: Dialect): string {
  return sql.replace(TOKEN, (token, text: string | undefined, name: string | undefined) => {
    if (text !== undefined) return `'${text.replaceAll('\\', '\\\\').replaceAll("''", "\\'")}'`;
    if (name !== undefined) return nameQuote + name + nameQuote;
    return words[token] ?? token;
  });
}
