import { isSymbol, keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

/** A column of a partition with the value that it has to have, as written. */
export interface PartitionValue {
  readonly column: string;
  readonly text: string;
}

/** What is told of partitions, functions, and where and how the session works. */
export type Told =
  | { subject: 'partitions'; name: string[]; partition: readonly PartitionValue[] }
  | { subject: 'functions'; isUser: boolean; in: string[]; like: string | undefined }
  | { subject: 'current schema' }
  | { subject: 'function'; name: string[] }
  | { subject: 'settings' };

export interface TellCommand {
  kind: 'tell';
  told: Told;
}

/** The statement that `tokens` spell; undefined when they are about something else. Throws syntax errors. */
export function parseTellCommand(tokens: readonly Token[]): TellCommand | undefined {
  const reader = new TellReader(tokens);
  const told = reader.told();
  if (!told) return undefined;
  reader.end();
  return { kind: 'tell', told };
}

class TellReader extends TokenReader {
  told(): Told | undefined {
    this.at = 1;
    switch (keyword(this.tokens[0])) {
      case 'SHOW':
        return this.show();
      case 'DESC':
      case 'DESCRIBE':
        if (!this.take('FUNCTION')) return undefined;
        this.take('EXTENDED');
        return { subject: 'function', name: this.functionName() };
      case 'SET':
        if (!isSymbol(this.tokens[1], '-') || keyword(this.tokens[2]) !== 'V') return undefined;
        this.at = 3;
        return { subject: 'settings' };
      default:
        return undefined;
    }
  }

  private show(): Told | undefined {
    if (this.take('PARTITIONS')) return { subject: 'partitions', name: this.name(), partition: this.partition() };
    if (this.take('CURRENT', 'NAMESPACE') || this.take('CURRENT', 'SCHEMA') || this.take('CURRENT', 'DATABASE'))
      return { subject: 'current schema' };
    const isUser = this.take('USER', 'FUNCTIONS');
    if (!isUser && !['SYSTEM', 'ALL'].some((kind) => this.take(kind, 'FUNCTIONS')) && !this.take('FUNCTIONS'))
      return undefined;
    const scope = this.take('IN') || this.take('FROM') ? this.name() : [];
    const hasLike = this.take('LIKE');
    if (!hasLike && !this.more()) return { subject: 'functions', isUser, in: scope, like: undefined };
    const name = this.functionName();
    return { subject: 'functions', isUser, in: scope.length > 0 ? scope : name.slice(0, -1), like: name.at(-1) };
  }

  private functionName(): string[] {
    return this.tokens[this.at]?.kind === 'string' ? [this.string()] : this.name();
  }

  private partition(): PartitionValue[] {
    const values: PartitionValue[] = [];
    if (!this.take('PARTITION')) return values;
    if (!this.symbol('(')) throw this.unexpected();
    do {
      const column = this.part();
      if (!this.symbol('=')) throw this.unexpected();
      values.push({ column, text: this.literal() });
    } while (this.symbol(','));
    if (!this.symbol(')')) throw this.unexpected();
    return values;
  }

  /** A text, a number with its sign, a date or a moment, true or false. */
  private literal(): string {
    const start = this.at;
    if (['DATE', 'TIMESTAMP'].includes(keyword(this.tokens[start])) || isSymbol(this.tokens[start], '-')) this.at += 1;
    const token = this.tokens[this.at];
    if (keyword(token) === 'NULL') throw unsupported('SHOW PARTITIONS of a value that is NULL');
    const isLiteral = token?.kind === 'string' || token?.kind === 'number' || /^(?:TRUE|FALSE)$/.test(keyword(token));
    if (!isLiteral) throw this.unexpected();
    this.at += 1;
    return this.tokens
      .slice(start, this.at)
      .map(({ text }) => text)
      .join(' ');
  }
}
