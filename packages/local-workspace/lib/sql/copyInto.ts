import { isSymbol, keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

export type CopyFormat = 'PARQUET' | 'CSV' | 'JSON';

/** `COPY INTO table FROM 'path' FILEFORMAT = …`. */
export interface CopyInto {
  readonly kind: 'copy-into';
  readonly table: string[];
  /** Columns that are written to; all of the table when empty. */
  readonly columns: string[];
  readonly path: string;
  /** Where the query around the path begins and ends in the source, and the path in it; undefined without one. */
  readonly query: { readonly start: number; readonly end: number; readonly path: Token } | undefined;
  readonly format: CopyFormat;
  readonly files: readonly string[] | undefined;
  readonly pattern: string | undefined;
  /** By lower-case name. */
  readonly formatOptions: ReadonlyMap<string, string>;
  readonly copyOptions: ReadonlyMap<string, string>;
}

/** The statement that `tokens` spell; undefined when they are no COPY INTO. Throws syntax errors. */
export function parseCopyInto(tokens: readonly Token[]): CopyInto | undefined {
  return keyword(tokens[0]) === 'COPY' && keyword(tokens[1]) === 'INTO' ? new CopyReader(tokens).copy() : undefined;
}

class CopyReader extends TokenReader {
  copy(): CopyInto {
    this.at = 2;
    const table = this.name();
    if (this.take('BY', 'POSITION')) throw unsupported('COPY INTO … BY POSITION');
    const columns = isSymbol(this.tokens[this.at], '(') ? this.list(() => this.part()) : [];
    if (!this.take('FROM')) throw this.unexpected();
    const source = isSymbol(this.tokens[this.at], '(') ? this.query() : { path: this.string(), query: undefined };
    if (this.take('WITH')) throw unsupported('COPY INTO … WITH a credential');
    if (!this.take('FILEFORMAT')) throw this.unexpected();
    this.equals();
    const format = this.part().toUpperCase();
    if (format !== 'PARQUET' && format !== 'CSV' && format !== 'JSON') throw unsupported(`FILEFORMAT = ${format}`);
    if (this.take('VALIDATE')) throw unsupported('COPY INTO … VALIDATE');
    const files = this.take('FILES') ? (this.equals(), this.list(() => this.string())) : undefined;
    const pattern = files === undefined && this.take('PATTERN') ? (this.equals(), this.string()) : undefined;
    const formatOptions = this.take('FORMAT_OPTIONS') ? this.options() : new Map<string, string>();
    const copyOptions = this.take('COPY_OPTIONS') ? this.options() : new Map<string, string>();
    this.end();
    return { kind: 'copy-into', table, columns, ...source, format, files, pattern, formatOptions, copyOptions };
  }

  /** `(SELECT … FROM 'path' …)`: the text is compiled as a query of its own. */
  private query(): Pick<CopyInto, 'path' | 'query'> {
    const start = this.tokens[this.at]?.end ?? 0;
    let depth = 0;
    let path: Token | undefined;
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (isSymbol(token, '(')) depth += 1;
      if (depth === 1 && keyword(this.tokens[this.at - 1]) === 'FROM' && token?.kind === 'string') path = token;
      if (!isSymbol(token, ')')) continue;
      depth -= 1;
      if (depth > 0) continue;
      this.at += 1;
      if (path === undefined) throw unsupported('COPY INTO from a query without a path');
      return { path: path.value, query: { start, end: token?.start ?? start, path } };
    }
    throw this.unexpected();
  }

  private options(): Map<string, string> {
    const entries = this.list((): [string, string] => {
      const name = this.tokens[this.at]?.kind === 'string' ? this.string() : this.part();
      this.equals();
      const token = this.tokens[this.at];
      if (token === undefined || token.kind === 'symbol') throw this.unexpected();
      this.at += 1;
      return [name.toLowerCase(), token.value];
    });
    return new Map(entries);
  }

  private list<T>(item: () => T): T[] {
    this.needed('(');
    const items = [item()];
    while (this.symbol(',')) items.push(item());
    this.needed(')');
    return items;
  }

  private equals(): void {
    this.needed('=');
  }

  private needed(text: string): void {
    if (!this.symbol(text)) throw this.unexpected();
  }
}
