import { keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { PropertiesReader } from './tableNotes';

/** A table that is made of another: its definition alone, or a clone with its rows. */
export interface CopyTable {
  kind: 'create-copy';
  name: string[];
  source: string[];
  how: 'like' | 'shallow' | 'deep';
  ifNotExists: boolean;
  /** Whether a table of that name goes; `needed`: there has to be one. */
  replaces: boolean | 'needed';
  properties: Readonly<Record<string, string>>;
  provider: string | undefined;
}

/** `CREATE TABLE … LIKE` and `… CLONE`; undefined for anything else. Throws syntax errors. */
export function parseCopyTable(tokens: readonly Token[]): CopyTable | undefined {
  const reader = new CopyTableReader(tokens);
  const command = reader.command();
  if (command) reader.end();
  return command;
}

class CopyTableReader extends PropertiesReader {
  command(): CopyTable | undefined {
    const first = keyword(this.tokens[0]);
    if (first !== 'CREATE' && first !== 'REPLACE') return undefined;
    this.at = 1;
    const replaces = first === 'REPLACE' ? 'needed' : this.take('OR', 'REPLACE');
    if (!this.take('TABLE') || !this.isCopy()) return undefined;
    const ifNotExists = this.take('IF', 'NOT', 'EXISTS');
    const name = this.name();
    const how = this.how();
    const source = this.name();
    if (this.more() && /^(?:VERSION|TIMESTAMP|FOR)$/.test(keyword(this.tokens[this.at])))
      throw unsupported('Time travel (VERSION or TIMESTAMP AS OF)');
    return { kind: 'create-copy', name, source, how, ifNotExists, replaces, ...this.clauses() };
  }

  /** Whether the word behind the table's name is that of a copy. */
  private isCopy(): boolean {
    const start = this.at;
    this.take('IF', 'NOT', 'EXISTS');
    const isNamed = this.tokens[this.at]?.kind === 'word' || this.tokens[this.at]?.kind === 'quoted';
    if (isNamed) this.name();
    const word = keyword(this.tokens[this.at]);
    const next = keyword(this.tokens[this.at + 1]);
    this.at = start;
    return word === 'LIKE' || word === 'CLONE' || (next === 'CLONE' && /^(?:SHALLOW|DEEP)$/.test(word));
  }

  private how(): CopyTable['how'] {
    if (this.take('LIKE')) return 'like';
    if (this.take('SHALLOW', 'CLONE')) return 'shallow';
    if (!this.take('DEEP', 'CLONE')) this.take('CLONE');
    return 'deep';
  }

  private clauses(): Pick<CopyTable, 'properties' | 'provider'> {
    let properties: Record<string, string> = {};
    let provider: string | undefined;
    for (;;) {
      if (this.take('TBLPROPERTIES')) properties = this.properties();
      else if (this.take('USING')) provider = this.part().toLowerCase();
      else if (this.take('LOCATION')) this.string();
      else return { properties, provider };
    }
  }
}
