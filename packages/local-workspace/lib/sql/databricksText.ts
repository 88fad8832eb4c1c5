import { DUCKDB_KEYWORDS } from './keywords';

/** A name in backquotes. */
export const quotedName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const isPlain = (name: string): boolean => /^[a-z_]\w*$/i.test(name);

/** A part of a table's name, in backquotes where it needs them. */
export const nameText = (name: string): string => (isPlain(name) ? name : quotedName(name));

/** The name of a column: a keyword is no name to the parser. */
export const columnText = (name: string): string =>
  isPlain(name) && !DUCKDB_KEYWORDS.has(name.toLowerCase()) ? name : quotedName(name);

/** A text literal. */
export const textLiteral = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
