import { itemNotes, itemsOf, type ConstraintNotes } from './columnNotes';
import { isSymbol, keyword, type Token } from './lexer';
import { TokenReader } from './TokenReader';

/** Changes of tables and views that the database does not make by itself. */
export type Alteration =
  | { to: 'add-constraint'; name: string[]; constraint: ConstraintNotes; text: string }
  | { to: 'drop-constraint'; name: string[]; what: Dropped; ifExists: boolean }
  | { to: 'drop-columns'; name: string[]; columns: readonly string[]; ifExists: boolean }
  | { to: 'order'; name: string[]; column: string; after: string | undefined }
  | { to: 'columns'; name: string[]; added: readonly PlacedColumn[]; isAll: boolean }
  | { to: 'clustering'; name: string[]; columns: readonly string[] }
  | { to: 'owner'; name: string[]; owner: string }
  | { to: 'view'; name: string[]; renamedTo: string[] | undefined; from: number };

/** A column as declared, and where it is to stand: behind the others, before them, or behind that of a name. */
export interface PlacedColumn {
  readonly column: string;
  readonly text: string;
  readonly type: string;
  readonly comment: string | undefined;
  readonly place: 'LAST' | 'FIRST' | { readonly after: string };
}

/** A constraint by its name, or a key by its kind and, where there may be several, its columns. */
export type Dropped = { name: string } | { key: 'PRIMARY KEY' | 'FOREIGN KEY'; columns: readonly string[] | undefined };

export interface AlterCommand {
  kind: 'alter';
  alteration: Alteration;
}

/** The statement that `tokens` of `sql` spell; undefined when they are about something else. Throws syntax errors. */
export function parseAlter(sql: string, tokens: readonly Token[]): AlterCommand | undefined {
  if (keyword(tokens[0]) !== 'ALTER') return undefined;
  const reader = new AlterReader(sql, tokens);
  const alteration = reader.alteration();
  if (!alteration) return undefined;
  if (alteration.to !== 'add-constraint' && alteration.to !== 'view') reader.end();
  return { kind: 'alter', alteration };
}

class AlterReader extends TokenReader {
  constructor(
    private readonly sql: string,
    tokens: readonly Token[],
  ) {
    super(tokens);
  }

  alteration(): Alteration | undefined {
    this.at = 1;
    const isView = this.take('VIEW');
    if (!isView && !this.take('TABLE')) return undefined;
    if (!/^(?:word|quoted)$/.test(this.tokens[this.at]?.kind ?? '')) return undefined;
    const name = this.name();
    if (this.take('SET', 'OWNER', 'TO') || this.take('OWNER', 'TO')) {
      const owner = this.tokens[this.at]?.kind === 'string' ? this.string() : this.part();
      return { to: 'owner', name, owner };
    }
    return isView ? this.view(name) : this.table(name);
  }

  private view(name: string[]): Alteration | undefined {
    if (this.take('RENAME', 'TO')) {
      const renamedTo = this.name();
      this.end();
      return { to: 'view', name, renamedTo, from: 0 };
    }
    if (!this.take('AS')) return undefined;
    return { to: 'view', name, renamedTo: undefined, from: this.tokens[this.at]?.start ?? 0 };
  }

  private table(name: string[]): Alteration | undefined {
    if (this.take('CLUSTER', 'BY')) return { to: 'clustering', name, columns: this.clustering() };
    if (this.take('REPLACE', 'COLUMNS')) return { to: 'columns', name, added: this.placed(), isAll: true };
    if (this.take('ADD')) return this.added(name);
    if (this.take('DROP')) return this.dropped(name);
    if (!this.take('ALTER') && !this.take('CHANGE')) return undefined;
    this.take('COLUMN');
    const column = this.part();
    if (this.take('FIRST')) return { to: 'order', name, column, after: undefined };
    return this.take('AFTER') ? { to: 'order', name, column, after: this.part() } : undefined;
  }

  private clustering(): string[] {
    if (this.take('NONE') || this.take('AUTO')) return [];
    return this.columns();
  }

  private columns(): string[] {
    const columns: string[] = [];
    if (!this.symbol('(')) throw this.unexpected();
    do columns.push(this.part());
    while (this.symbol(','));
    if (!this.symbol(')')) throw this.unexpected();
    return columns;
  }

  private added(name: string[]): Alteration | undefined {
    if (/^COLUMNS?$/.test(keyword(this.tokens[this.at]))) {
      this.at += 1;
      const added = this.placed();
      return added.some(({ place }) => place !== 'LAST') ? { to: 'columns', name, added, isAll: false } : undefined;
    }
    const last = this.tokens.at(-1);
    const end = isSymbol(last, ';') ? this.tokens.length - 1 : this.tokens.length;
    const [constraint] = itemNotes(this.sql, this.tokens.slice(this.at, end)).constraints;
    if (constraint === undefined) return undefined;
    if (this.take('CONSTRAINT')) this.part();
    const [first, behind] = [this.tokens[this.at], this.tokens[end - 1]];
    const text = this.sql.slice(first?.start ?? 0, behind?.end ?? 0);
    return { to: 'add-constraint', name, constraint, text };
  }

  /** The columns that are declared from here to the end. */
  private placed(): PlacedColumn[] {
    const start = this.at;
    const last = this.tokens.findIndex((token) => isSymbol(token, ';'));
    const end = last < 0 ? this.tokens.length : last;
    const isListed = isSymbol(this.tokens[start], '(');
    this.at = end;
    const items = isListed ? itemsOf(this.tokens, start).items : [this.tokens.slice(start, end)];
    return items.map((item) => this.placedColumn(item));
  }

  private placedColumn(item: readonly Token[]): PlacedColumn {
    const [name] = item;
    if (!name || item.length < 2) throw this.unexpected();
    const isFirst = keyword(item.at(-1)) === 'FIRST' && item.length > 2;
    const isAfter = keyword(item.at(-2)) === 'AFTER' && item.length > 3;
    const rest = item.slice(0, isFirst ? -1 : isAfter ? -2 : undefined);
    const written = (tokens: readonly Token[]): string =>
      this.sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
    const comment = rest.findIndex((token, i) => i > 1 && keyword(token) === 'COMMENT');
    return {
      column: name.value,
      text: written(rest),
      type: written(rest.slice(1, comment < 0 ? undefined : comment)),
      comment: itemNotes(this.sql, rest).column?.comment,
      place: isFirst ? 'FIRST' : isAfter ? { after: item.at(-1)?.value ?? '' } : 'LAST',
    };
  }

  private dropped(name: string[]): Alteration | undefined {
    if (this.take('COLUMN') || this.take('COLUMNS')) {
      const ifExists = this.take('IF', 'EXISTS');
      if (!isSymbol(this.tokens[this.at], '(')) return undefined;
      return { to: 'drop-columns', name, columns: this.columns(), ifExists };
    }
    const isNamed = this.take('CONSTRAINT');
    const isPrimary = !isNamed && this.take('PRIMARY', 'KEY');
    if (!isNamed && !isPrimary && !this.take('FOREIGN', 'KEY')) return undefined;
    const ifExists = this.take('IF', 'EXISTS');
    const what = this.constraint(isNamed, isPrimary);
    if (!this.take('CASCADE')) this.take('RESTRICT');
    return { to: 'drop-constraint', name, what, ifExists };
  }

  private constraint(isNamed: boolean, isPrimary: boolean): Dropped {
    if (isNamed) return { name: this.part() };
    return isPrimary ? { key: 'PRIMARY KEY', columns: undefined } : { key: 'FOREIGN KEY', columns: this.columns() };
  }
}
