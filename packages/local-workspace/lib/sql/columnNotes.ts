import { isSymbol, keyword, type Token } from './lexer';

/** What a column is declared with, beside its name and type. */
export interface ColumnNotes {
  readonly column: string;
  readonly comment: string | undefined;
  /** `DEFAULT …` or `GENERATED ALWAYS AS (…)`, as written. */
  readonly clause: string | undefined;
}

/** A constraint of a table, or of one of its columns. */
export interface ConstraintNotes {
  readonly name: string | undefined;
  readonly type: 'PRIMARY KEY' | 'FOREIGN KEY' | 'CHECK';
  /** Of a key. */
  readonly columns: readonly string[];
  /** Of a CHECK: its condition, as written. */
  readonly condition: string | undefined;
}

/** A condition that every row has to meet. */
export interface CheckNotes {
  readonly name: string | undefined;
  readonly condition: string;
}

/** What tells the keys of a table apart: there is one of each kind for the same columns. */
export const keyOf = (type: string, columns: readonly string[]): string => `${type} ${columns.join(',')}`.toLowerCase();

/** Whether a key is of that kind, and on those columns where they are told. */
export const isKeyOf = (
  key: { readonly type: string; readonly columns: readonly string[] },
  type: string,
  columns: readonly string[] | undefined,
): boolean => key.type === type && (columns === undefined || keyOf(type, columns) === keyOf(type, key.columns));

/** An item of the list in brackets behind a table's name. */
export interface ItemNotes {
  readonly column: ColumnNotes | undefined;
  readonly constraints: readonly ConstraintNotes[];
}

/** The items between brackets, `tokens[at]` being the first of them, and the place behind them. */
export function itemsOf(tokens: readonly Token[], at: number): { items: Token[][]; end: number } {
  const items: Token[][] = [[]];
  let end = at + 1;
  for (const depth = new Depth(); end < tokens.length; end += 1) {
    const token = tokens[end] as Token;
    if (depth.isTop && isSymbol(token, ')')) break;
    if (depth.isTop && isSymbol(token, ',')) items.push([]);
    else items.at(-1)?.push(token);
    depth.pass(token, tokens[end - 1]);
  }
  return { items, end: end + 1 };
}

/** Those of the items that declare a column: a name with a type. */
export function typedItems(tokens: readonly Token[], at: number): Token[][] {
  return itemsOf(tokens, at).items.filter(([, type]) => type?.kind === 'word');
}

/** Whether what is read is inside of brackets, or of those of a type. */
class Depth {
  private readonly open: string[] = [];

  get isTop(): boolean {
    return this.open.length === 0;
  }

  pass(token: Token, before: Token | undefined): void {
    if (isSymbol(token, '(') || (isSymbol(token, '<') && NESTED.has(keyword(before)))) this.open.push(token.text);
    else if (isSymbol(token, ')') || (isSymbol(token, '>') && this.open.at(-1) === '<')) this.open.pop();
  }
}

const NESTED: ReadonlySet<string> = new Set(['ARRAY', 'MAP', 'STRUCT']);

/** Reads an item of `sql`; `tokens` are those of the item alone. */
export function itemNotes(sql: string, tokens: readonly Token[]): ItemNotes {
  const isColumn = !isConstraint(tokens);
  const reader = new ItemReader(sql, tokens, isColumn ? tokens[0]?.value : undefined);
  return reader.notes();
}

function isConstraint(tokens: readonly Token[]): boolean {
  const [first, second] = [keyword(tokens[0]), keyword(tokens[1])];
  if (first === 'CONSTRAINT') return tokens.length > 2 && CONSTRAINT_STARTS.has(keyword(tokens[2]));
  return second === 'KEY' ? first === 'PRIMARY' || first === 'FOREIGN' : first === 'CHECK' && isSymbol(tokens[1], '(');
}

const CONSTRAINT_STARTS: ReadonlySet<string> = new Set(['PRIMARY', 'FOREIGN', 'CHECK']);
/** Words that end the clause before them. */
const ENDS: ReadonlySet<string> = new Set(
  'NOT COMMENT CONSTRAINT PRIMARY FOREIGN REFERENCES CHECK MASK DEFAULT GENERATED FIRST AFTER'.split(' '),
);

class ItemReader {
  private comment: string | undefined;
  private clause: string | undefined;
  private name: string | undefined;
  private readonly constraints: ConstraintNotes[] = [];

  constructor(
    private readonly sql: string,
    private readonly tokens: readonly Token[],
    private readonly column: string | undefined,
  ) {}

  notes(): ItemNotes {
    const depth = new Depth();
    this.tokens.forEach((token, i) => {
      if (depth.isTop && (i > 0 || this.column === undefined)) this.word(keyword(token), i);
      depth.pass(token, this.tokens[i - 1]);
    });
    const { column, comment, clause, constraints } = this;
    return { column: column === undefined ? undefined : { column, comment, clause }, constraints };
  }

  private word(word: string, i: number): void {
    const next = this.tokens[i + 1];
    if (word === 'COMMENT' && next?.kind === 'string') this.comment = next.value;
    else if (word === 'DEFAULT' || word === 'GENERATED') this.clause ??= this.text(i, this.endOfClause(i));
    else if (word === 'CONSTRAINT') this.name = next?.value;
    else if (word === 'PRIMARY') this.constrain('PRIMARY KEY', this.names(i + 2));
    else if (word === 'FOREIGN') this.constrain('FOREIGN KEY', this.names(i + 2));
    else if (word === 'REFERENCES' && this.column !== undefined) this.constrain('FOREIGN KEY', [this.column]);
    else if (word === 'CHECK' && isSymbol(next, '(')) {
      const inside = itemsOf(this.tokens, i + 1);
      this.constrain('CHECK', [], this.text(i + 2, inside.end - 1));
    }
  }

  private constrain(type: ConstraintNotes['type'], columns: readonly string[], condition?: string): void {
    this.constraints.push({ name: this.name, type, columns, condition });
    this.name = undefined;
  }

  /** The columns in brackets, or that which the key is written with. */
  private names(at: number): string[] {
    if (!isSymbol(this.tokens[at], '(')) return this.column === undefined ? [] : [this.column];
    return itemsOf(this.tokens, at).items.flatMap(([first]) => (first === undefined ? [] : [first.value]));
  }

  private endOfClause(start: number): number {
    const depth = new Depth();
    let end = start + 1;
    for (; end < this.tokens.length; end += 1) {
      const token = this.tokens[end] as Token;
      if (depth.isTop && end > start + 1 && ENDS.has(keyword(token))) break;
      depth.pass(token, this.tokens[end - 1]);
    }
    return end;
  }

  private text(from: number, end: number): string {
    const [first, last] = [this.tokens[from], this.tokens[end - 1]];
    return first === undefined || last === undefined ? '' : this.sql.slice(first.start, last.end);
  }
}
