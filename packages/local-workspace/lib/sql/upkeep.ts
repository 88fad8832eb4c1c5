import { isSymbol, keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

/** Statements that keep tables in shape. There is nothing to do here; the table has to exist. */
export type UpkeepCommand =
  | { kind: 'optimize'; name: string[] }
  | { kind: 'vacuum'; name: string[]; dryRun: boolean }
  | { kind: 'analyze'; name: string[] }
  | { kind: 'cache'; name: string[] | undefined; ifExists: boolean };

/** The statement that `tokens` spell; undefined when they are about something else. Throws syntax errors. */
export function parseUpkeep(tokens: readonly Token[]): UpkeepCommand | undefined {
  const [first, second] = [keyword(tokens[0]), keyword(tokens[1])];
  if (first === 'BEGIN' && second !== 'TRANSACTION' && tokens.length > 2)
    throw unsupported('SQL scripting (BEGIN … END)');
  refuseUnread(first, tokens);
  if (first === 'INSERT') refuseReplace(tokens);
  const reader = new UpkeepReader(tokens);
  const command = reader.command();
  if (command) reader.end();
  return command;
}

/** Statements of Databricks' that the parser library takes for bad syntax. */
function refuseUnread(first: string, tokens: readonly Token[]): void {
  if (['UNDROP', 'REORG', 'SYNC', 'FSCK'].includes(first)) throw unsupported(first);
  if (/^DESC(?:RIBE)?$/.test(first) && keyword(tokens[1]) === 'CATALOG' && tokens.length > 2)
    throw unsupported('DESCRIBE CATALOG');
  if (first === 'MERGE' && keyword(tokens[1]) === 'WITH') throw unsupported('MERGE WITH SCHEMA EVOLUTION');
}

/** The parser library takes `REPLACE ON` and `REPLACE USING` for bad syntax. */
function refuseReplace(tokens: readonly Token[]): void {
  tokens.slice(0, 20).forEach((token, i) => {
    const next = keyword(tokens[i + 1]);
    if (keyword(token) === 'REPLACE' && (next === 'ON' || next === 'USING'))
      throw unsupported(`INSERT … REPLACE ${next}`);
  });
}

class UpkeepReader extends TokenReader {
  command(): UpkeepCommand | undefined {
    this.at = 1;
    switch (keyword(this.tokens[0])) {
      case 'OPTIMIZE': {
        const name = this.name();
        this.take('FULL');
        if (this.take('WHERE')) throw unsupported('OPTIMIZE … WHERE');
        if (this.take('ZORDER', 'BY')) this.columns();
        return { kind: 'optimize', name };
      }
      case 'VACUUM': {
        const name = this.name();
        if (!this.take('LITE')) this.take('FULL');
        if (this.take('RETAIN')) this.hours();
        return { kind: 'vacuum', name, dryRun: this.take('DRY', 'RUN') };
      }
      case 'ANALYZE': {
        if (!this.take('TABLE')) return undefined;
        const name = this.name();
        if (!this.take('COMPUTE', 'STATISTICS')) throw this.unexpected();
        if (this.take('FOR', 'COLUMNS')) this.columns();
        else if (!this.take('FOR', 'ALL', 'COLUMNS')) this.take('NOSCAN');
        return { kind: 'analyze', name };
      }
      case 'REFRESH':
      case 'CACHE':
      case 'UNCACHE':
      case 'CLEAR':
        return this.cache(keyword(this.tokens[0]));
      default:
        return undefined;
    }
  }

  /** Nothing is cached that could be out of date. */
  private cache(first: string): UpkeepCommand {
    if (first === 'CLEAR') {
      if (!this.take('CACHE')) throw this.unexpected();
      return { kind: 'cache', name: undefined, ifExists: false };
    }
    for (const what of ['MATERIALIZED', 'STREAMING', 'FUNCTION', 'FOREIGN'])
      if (this.take(what)) throw unsupported(`${first} ${what}`);
    if (this.take('SELECT')) throw unsupported(`${first} SELECT`);
    if (this.tokens[this.at]?.kind === 'string') throw unsupported(`${first} of a path`);
    this.take('LAZY');
    if (!this.take('TABLE') && first !== 'REFRESH') throw this.unexpected();
    const ifExists = first === 'UNCACHE' && this.take('IF', 'EXISTS');
    const name = this.name();
    if (first === 'CACHE' && this.more()) throw unsupported('CACHE TABLE of a query');
    return { kind: 'cache', name, ifExists };
  }

  private columns(): void {
    const inBrackets = isSymbol(this.tokens[this.at], '(');
    if (inBrackets) this.at += 1;
    this.name();
    while (isSymbol(this.tokens[this.at], ',')) {
      this.at += 1;
      this.name();
    }
    if (!inBrackets) return;
    if (!isSymbol(this.tokens[this.at], ')')) throw this.unexpected();
    this.at += 1;
  }

  private hours(): void {
    if (this.tokens[this.at]?.kind !== 'number') throw this.unexpected();
    this.at += 1;
    if (!this.take('HOURS')) throw this.unexpected();
  }
}
