import { isSymbol, keyword, type Token } from './lexer';
import { TokenReader } from './TokenReader';

/** What a statement says of the table or view that it makes, and the database does not keep. */
export interface TableNotes {
  readonly subject: 'TABLE' | 'VIEW';
  /** One to three parts. */
  readonly name: readonly string[];
  readonly ifNotExists: boolean;
  readonly comment: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** Of columns that have one. */
  readonly columnComments: readonly (readonly [column: string, comment: string])[];
  readonly provider: string | undefined;
  readonly partitionedBy: readonly string[];
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

class NotesReader extends PropertiesReader {
  private comment: string | undefined;
  private provider: string | undefined;
  private written: Record<string, string> = {};
  private partitionedBy: string[] = [];
  private readonly columnComments: [string, string][] = [];

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
    const { comment, provider, written: properties, partitionedBy, columnComments } = this;
    return {
      subject,
      name,
      ifNotExists,
      comment,
      properties,
      columnComments,
      provider,
      partitionedBy,
      text: subject === 'VIEW' ? text : undefined,
    };
  }

  /** The clauses up to the query, and its text. */
  private clauses(): string | undefined {
    if (isSymbol(this.tokens[this.at], '(')) this.columns();
    while (this.more()) {
      if (this.take('AS')) return this.query();
      if (['SELECT', 'WITH', 'VALUES'].includes(keyword(this.tokens[this.at]))) return this.query();
      if (this.take('COMMENT')) this.comment = this.string();
      else if (this.take('TBLPROPERTIES')) this.written = this.properties();
      else if (this.take('USING')) this.provider = this.part().toLowerCase();
      else if (this.take('PARTITIONED', 'BY')) this.partitionedBy = this.partitions();
      else this.at += 1;
    }
    return undefined;
  }

  private query(): string {
    const [first, last] = [this.tokens[this.at], this.tokens.at(-1)];
    if (first === undefined || last === undefined) throw this.unexpected();
    return this.sql.slice(first.start, isSymbol(last, ';') ? last.start : last.end).trimEnd();
  }

  /** Names of columns; those with a type are defined here. */
  private partitions(): string[] {
    const names: string[] = [];
    this.inBrackets((isFirst) => {
      if (isFirst) names.push(this.tokens[this.at]?.value ?? '');
    });
    return names;
  }

  private columns(): void {
    let column = '';
    this.inBrackets((isFirst) => {
      if (isFirst) column = this.tokens[this.at]?.value ?? '';
      const text = this.tokens[this.at + 1];
      if (keyword(this.tokens[this.at]) === 'COMMENT' && text?.kind === 'string') {
        this.columnComments.push([column, text.value]);
      }
    });
  }

  /** Calls `visit` for each token of the outermost level, telling whether it is the first of its item. */
  private inBrackets(visit: (isFirst: boolean) => void): void {
    const open: string[] = [];
    let isFirst = false;
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at] as Token;
      const isComma = isSymbol(token, ',');
      if (isSymbol(token, ')') || (isSymbol(token, '>') && open.at(-1) === '<')) open.pop();
      if (open.length === 0 && isSymbol(token, ')')) break;
      if (open.length === 1 && !isComma) visit(isFirst);
      isFirst = (isComma && open.length === 1) || open.length === 0;
      if (isSymbol(token, '(') || (isSymbol(token, '<') && NESTED.has(keyword(this.tokens[this.at - 1])))) {
        open.push(token.text);
      }
    }
    this.at += 1;
  }
}

const NESTED = new Set(['ARRAY', 'MAP', 'STRUCT']);
