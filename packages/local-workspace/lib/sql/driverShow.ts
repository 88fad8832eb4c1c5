import { keyword, type Token } from './lexer';
import { TokenReader } from './TokenReader';

/** What drivers that speak SQL alone ask for where Thrift has calls of its own. */
export interface DriverShow {
  kind: 'driver-show';
  subject: 'SCHEMAS' | 'TABLES' | 'COLUMNS' | 'FUNCTIONS' | 'KEYS' | 'FOREIGN KEYS';
  /** Undefined: all catalogs. */
  catalog: string | undefined;
  /** Patterns, of keys names: `*` for any text, `.` for any character. */
  schema: string | undefined;
  table: string | undefined;
  like: string | undefined;
}

/**
 * `SHOW … IN ALL CATALOGS` or `IN CATALOG c`, then `SCHEMA LIKE`, `TABLE LIKE` and `LIKE`, and `SHOW [FOREIGN] KEYS IN
 * CATALOG c IN SCHEMA s IN TABLE t`. Undefined for any other SHOW. Throws syntax errors.
 */
export function parseDriverShow(tokens: readonly Token[]): DriverShow | undefined {
  if (keyword(tokens[0]) !== 'SHOW') return undefined;
  const reader = new DriverShowReader(tokens);
  const show = reader.read();
  if (show) reader.end();
  return show;
}

class DriverShowReader extends TokenReader {
  read(): DriverShow | undefined {
    this.at = 1;
    const subject = this.subject();
    if (!subject || !this.take('IN')) return undefined;
    if (this.take('ALL', 'CATALOGS')) return this.patterns(subject, undefined);
    // `IN catalog` without a name behind it is a schema of that name.
    if (keyword(this.tokens[this.at]) !== 'CATALOG' || !this.tokens[this.at + 1]) return undefined;
    this.at += 1;
    const catalog = this.part();
    return subject.endsWith('KEYS') ? this.keys(subject, catalog) : this.patterns(subject, catalog);
  }

  private subject(): DriverShow['subject'] | undefined {
    if (this.take('FOREIGN', 'KEYS')) return 'FOREIGN KEYS';
    for (const subject of ['SCHEMAS', 'TABLES', 'COLUMNS', 'FUNCTIONS', 'KEYS'] as const) {
      if (this.take(subject)) return subject;
    }
    return undefined;
  }

  private patterns(subject: DriverShow['subject'], catalog: string | undefined): DriverShow {
    const schema = this.take('SCHEMA', 'LIKE') ? this.string() : undefined;
    const table = this.take('TABLE', 'LIKE') ? this.string() : undefined;
    const like = this.take('LIKE') ? this.string() : undefined;
    return { kind: 'driver-show', subject, catalog, schema, table, like };
  }

  private keys(subject: DriverShow['subject'], catalog: string): DriverShow {
    const schema = this.take('IN', 'SCHEMA') ? this.part() : undefined;
    const table = this.take('IN', 'TABLE') ? this.part() : undefined;
    return { kind: 'driver-show', subject, catalog, schema, table, like: undefined };
  }
}
