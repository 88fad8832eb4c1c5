import { isSymbol, keyword, type Token } from './lexer';
import { syntaxError } from './SqlError';

/** Reads tokens from left to right. What it cannot read is a syntax error. */
export class TokenReader {
  protected at = 0;

  constructor(protected readonly tokens: readonly Token[]) {}

  end(): void {
    if (isSymbol(this.tokens[this.at], ';')) this.at += 1;
    if (this.more()) throw this.unexpected();
  }

  protected more(): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && !isSymbol(token, ';');
  }

  protected unexpected(): Error {
    const token = this.tokens[this.at];
    return syntaxError(token ? `'${token.text}'` : 'end of input');
  }

  protected take(...words: string[]): boolean {
    if (!words.every((word, i) => keyword(this.tokens[this.at + i]) === word)) return false;
    this.at += words.length;
    return true;
  }

  protected symbol(text: string): boolean {
    const found = isSymbol(this.tokens[this.at], text);
    if (found) this.at += 1;
    return found;
  }

  protected string(): string {
    const token = this.tokens[this.at];
    if (token?.kind !== 'string') throw this.unexpected();
    this.at += 1;
    return token.value;
  }

  protected part(): string {
    const token = this.tokens[this.at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.unexpected();
    this.at += 1;
    return token.value;
  }

  protected name(): string[] {
    const parts = [this.part()];
    while (isSymbol(this.tokens[this.at], '.')) {
      this.at += 1;
      parts.push(this.part());
    }
    return parts;
  }

  /** The remaining source text of the statement. */
  protected rest(): string {
    const parts: string[] = [];
    let end: number | undefined;
    for (; this.more(); this.at++) {
      const token = this.tokens[this.at] as Token;
      if (end !== undefined && token.start > end) parts.push(' ');
      parts.push(token.kind === 'string' ? token.value : token.text);
      end = token.end;
    }
    return parts.join('');
  }
}
