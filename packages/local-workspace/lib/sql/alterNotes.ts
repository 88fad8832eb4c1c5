import { itemNotes, itemsOf, type ColumnNotes } from './columnNotes';
import { isSymbol, keyword, type Token } from './lexer';
import { TokenReader } from './TokenReader';

/** What a change of a table's columns means for what is kept of them beside the database. */
export interface ColumnChange {
  readonly table: readonly string[];
  readonly added: readonly ColumnNotes[];
  readonly renamed: { readonly from: string; readonly to: string } | undefined;
  /** A column that gets another type, and the type where it is to be kept as declared. */
  readonly retyped: { readonly column: string; readonly type: string | undefined } | undefined;
  /** A column whose default is set, or taken away. */
  readonly defaulted: { readonly column: string; readonly clause: string | undefined } | undefined;
  readonly dropped: string | undefined;
}

export const NO_CHANGE: Omit<ColumnChange, 'table'> = {
  added: [],
  renamed: undefined,
  retyped: undefined,
  defaulted: undefined,
  dropped: undefined,
};

/** Undefined for anything but ALTER TABLE. Reads what has been parsed already. */
export function columnChange(sql: string, tokens: readonly Token[]): ColumnChange | undefined {
  if (keyword(tokens[0]) !== 'ALTER' || keyword(tokens[1]) !== 'TABLE') return undefined;
  const all = isSymbol(tokens.at(-1), ';') ? tokens.slice(0, -1) : tokens;
  return new ChangeReader(sql, all).change();
}

class ChangeReader extends TokenReader {
  constructor(
    private readonly sql: string,
    tokens: readonly Token[],
  ) {
    super(tokens);
  }

  change(): ColumnChange {
    this.at = 2;
    const table = this.name();
    if (this.take('ADD')) return { ...NO_CHANGE, table, added: this.added() };
    if (this.take('RENAME', 'COLUMN')) {
      const from = this.part();
      this.take('TO');
      return { ...NO_CHANGE, table, renamed: { from, to: this.part() } };
    }
    if (this.take('DROP', 'COLUMN')) {
      this.take('IF', 'EXISTS');
      return { ...NO_CHANGE, table, dropped: this.part() };
    }
    if (!this.take('ALTER') && !this.take('CHANGE')) return { ...NO_CHANGE, table };
    this.take('COLUMN');
    const column = this.part();
    if (this.take('TYPE')) return { ...NO_CHANGE, table, retyped: { column, type: this.keptType() } };
    if (this.take('SET', 'DEFAULT')) {
      const clause = `DEFAULT ${this.sql.slice(this.tokens[this.at]?.start, this.tokens.at(-1)?.end)}`;
      return { ...NO_CHANGE, table, defaulted: { column, clause } };
    }
    const defaulted = this.take('DROP', 'DEFAULT') ? { column, clause: undefined } : undefined;
    return { ...NO_CHANGE, table, defaulted };
  }

  private added(): ColumnNotes[] {
    if (!this.take('COLUMNS')) this.take('COLUMN');
    this.take('IF', 'NOT', 'EXISTS');
    const isListed = isSymbol(this.tokens[this.at], '(');
    const items = isListed
      ? itemsOf(this.tokens, this.at).items
      : itemsOf([OPEN, ...this.tokens.slice(this.at)], 0).items;
    return items.flatMap((item) => itemNotes(this.sql, item).column ?? []);
  }

  /** The database keeps no widths. */
  private keptType(): string | undefined {
    const type = this.rest()
      .toLowerCase()
      .replace(/\s*([(),])\s*/g, '$1');
    return /^(?:var)?char\(\d+\)$/.test(type) ? type : undefined;
  }
}

const OPEN: Token = { kind: 'symbol', text: '(', value: '(', start: 0, end: 0 };
