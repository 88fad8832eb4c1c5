import { itemNotes, itemsOf, typedItems, type ColumnNotes, type ConstraintNotes } from './columnNotes';
import { isSymbol, keyword, type Token } from './lexer';
import { SqlError } from './SqlError';
import { TokenReader } from './TokenReader';

/** What a statement says of the table or view that it makes, and the database does not keep. */
export interface TableNotes {
  readonly subject: 'TABLE' | 'VIEW';
  /** One to three parts. */
  readonly name: readonly string[];
  readonly ifNotExists: boolean;
  readonly comment: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnNotes[];
  readonly constraints: readonly ConstraintNotes[];
  readonly provider: string | undefined;
  readonly partitionedBy: readonly string[];
  readonly clusteredBy: readonly string[];
  /** The query of a view, as written. */
  readonly text: string | undefined;
}

/** Undefined for anything but a table or view that outlives its session. Reads what has been parsed already. */
export function tableNotes(sql: string, tokens: readonly Token[]): TableNotes | undefined {
  return keyword(tokens[0]) === 'CREATE' ? new NotesReader(sql, tokens).notes() : undefined;
}

/** The settings of `( 'a.b' = 'c', d.e = 1 )`. */
export class PropertiesReader extends TokenReader {
  protected properties(): Record<string, string> {
    const properties: Record<string, string> = {};
    this.open();
    do {
      const key = this.key();
      this.symbol('=');
      if (Object.hasOwn(properties, key)) throw duplicateKey(key);
      properties[key] = this.value();
    } while (this.symbol(','));
    this.shut();
    return properties;
  }

  protected keys(): string[] {
    const keys: string[] = [];
    this.open();
    do keys.push(this.key());
    while (this.symbol(','));
    this.shut();
    return keys;
  }

  private open(): void {
    if (!this.symbol('(')) throw this.unexpected();
  }

  private shut(): void {
    if (!this.symbol(')')) throw this.unexpected();
  }

  private key(): string {
    return this.tokens[this.at]?.kind === 'string' ? this.string() : this.name().join('.');
  }

  private value(): string {
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === 'symbol') throw this.unexpected();
    this.at += 1;
    return token.value;
  }
}

function duplicateClause(clause: string): SqlError {
  return new SqlError('DUPLICATE_CLAUSES', '42614', `Found duplicate clauses: ${clause}. Please, remove one of them.`);
}

function duplicateKey(key: string): SqlError {
  return new SqlError('DUPLICATE_KEY', '23505', `Found duplicate keys \`${key}\`.`);
}

class NotesReader extends PropertiesReader {
  private comment: string | undefined;
  private provider: string | undefined;
  private written: Record<string, string> = {};
  private partitionedBy: string[] = [];
  private clusteredBy: string[] = [];
  private readonly columns: ColumnNotes[] = [];
  private readonly constraints: ConstraintNotes[] = [];

  constructor(
    private readonly sql: string,
    tokens: readonly Token[],
  ) {
    super(tokens);
  }

  notes(): TableNotes | undefined {
    this.at = 1;
    this.take('OR', 'REPLACE');
    this.take('EXTERNAL');
    const subject = keyword(this.tokens[this.at]);
    if (subject !== 'TABLE' && subject !== 'VIEW') return undefined;
    this.at += 1;
    const ifNotExists = this.take('IF', 'NOT', 'EXISTS');
    const name = this.name();
    const text = this.clauses();
    const { comment, provider, written: properties, partitionedBy, clusteredBy, columns, constraints } = this;
    return {
      subject,
      name,
      ifNotExists,
      comment,
      properties,
      columns,
      constraints,
      provider,
      partitionedBy,
      clusteredBy,
      text: subject === 'VIEW' ? text : undefined,
    };
  }

  /** The clauses up to the query, and its text. */
  private clauses(): string | undefined {
    if (isSymbol(this.tokens[this.at], '(')) this.items();
    while (this.more()) {
      if (this.take('AS')) return this.query();
      if (this.take('WITH', 'SCHEMA', 'COMPENSATION')) continue;
      if (['SELECT', 'WITH', 'VALUES'].includes(keyword(this.tokens[this.at]))) return this.query();
      if (this.take('COMMENT')) {
        if (this.comment !== undefined) throw duplicateClause('COMMENT');
        this.comment = this.string();
      } else if (this.take('TBLPROPERTIES')) this.written = this.properties();
      else if (this.take('USING')) this.provider = this.part().toLowerCase();
      else if (this.take('PARTITIONED', 'BY')) this.partitions();
      else if (this.take('CLUSTER', 'BY')) this.clusteredBy = this.names();
      else this.at += 1;
    }
    return undefined;
  }

  private query(): string {
    const [first, last] = [this.tokens[this.at], this.tokens.at(-1)];
    if (first === undefined || last === undefined) throw this.unexpected();
    return this.sql.slice(first.start, isSymbol(last, ';') ? last.start : last.end).trimEnd();
  }

  /** Names of columns in brackets, if there are any. */
  private names(): string[] {
    if (!isSymbol(this.tokens[this.at], '(')) return [];
    return this.bracketed().map(([first]) => first?.value ?? '');
  }

  private partitions(): void {
    if (!isSymbol(this.tokens[this.at], '(')) return;
    const declared = typedItems(this.tokens, this.at).map((item) => itemNotes(this.sql, item).column);
    this.columns.push(...declared.filter((column) => column !== undefined));
    this.partitionedBy = this.names();
  }

  private items(): void {
    for (const item of this.bracketed()) {
      const { column, constraints } = itemNotes(this.sql, item);
      if (column) this.columns.push(column);
      this.constraints.push(...constraints);
    }
  }

  private bracketed(): Token[][] {
    const { items, end } = itemsOf(this.tokens, this.at);
    this.at = end;
    return items.filter((item) => item.length > 0);
  }
}
