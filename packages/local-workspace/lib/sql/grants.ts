import { isSymbol, keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

/** What a privilege can be granted on. */
export type Securable = 'CATALOG' | 'SCHEMA' | 'TABLE' | 'VOLUME';

export type GrantCommand =
  | { kind: 'grant' | 'revoke'; privileges: string[]; on: Securable; name: string[]; principal: string }
  | { kind: 'show-grants'; principal: string | undefined; on: Securable; name: string[] };

const SECURABLES: Readonly<Record<string, Securable | undefined>> = {
  CATALOG: 'CATALOG',
  SCHEMA: 'SCHEMA',
  DATABASE: 'SCHEMA',
  TABLE: 'TABLE',
  VIEW: 'TABLE',
  VOLUME: 'VOLUME',
};

const OTHERS: ReadonlySet<string> = new Set(
  'FUNCTION PROCEDURE METASTORE CONNECTION CREDENTIAL EXTERNAL STORAGE SERVICE SHARE RECIPIENT PROVIDER MATERIALIZED ANONYMOUS ANY CLEAN SERVER'.split(
    ' ',
  ),
);

const PRIVILEGES: ReadonlySet<string> = new Set([
  'ALL PRIVILEGES',
  'APPLY TAG',
  'BROWSE',
  'CREATE FUNCTION',
  'CREATE MATERIALIZED VIEW',
  'CREATE MODEL',
  'CREATE SCHEMA',
  'CREATE TABLE',
  'CREATE VOLUME',
  'EXECUTE',
  'EXTERNAL USE SCHEMA',
  'MANAGE',
  'MODIFY',
  'READ VOLUME',
  'REFRESH',
  'SELECT',
  'USE CATALOG',
  'USE SCHEMA',
  'WRITE VOLUME',
]);

/** The statement about privileges that `tokens` spell; undefined for any other. Throws syntax errors. */
export function parseGrant(tokens: readonly Token[]): GrantCommand | undefined {
  const [first, second] = [keyword(tokens[0]), keyword(tokens[1])];
  const reader = new GrantReader(tokens);
  if (first === 'GRANT' || first === 'REVOKE') return reader.grant(first);
  return first === 'SHOW' && (second === 'GRANTS' || second === 'GRANT') ? reader.show() : undefined;
}

class GrantReader extends TokenReader {
  grant(word: 'GRANT' | 'REVOKE'): GrantCommand {
    this.at = 1;
    const privileges = [this.privilege()];
    while (isSymbol(this.tokens[this.at], ',')) {
      this.at += 1;
      privileges.push(this.privilege());
    }
    const object = this.object();
    if (!this.take(word === 'GRANT' ? 'TO' : 'FROM')) throw this.unexpected();
    const principal = this.principal();
    this.end();
    return { kind: word === 'GRANT' ? 'grant' : 'revoke', privileges, ...object, principal };
  }

  show(): GrantCommand {
    this.at = 2;
    const principal = keyword(this.tokens[this.at]) === 'ON' ? undefined : this.principal();
    const object = this.object();
    this.end();
    return { kind: 'show-grants', principal, ...object };
  }

  private object(): { on: Securable; name: string[] } {
    if (!this.take('ON')) throw this.unexpected();
    const word = keyword(this.tokens[this.at]);
    const isName = isSymbol(this.tokens[this.at + 1], '.');
    if (!isName && OTHERS.has(word)) throw unsupported(`A privilege on ${word}`);
    const on = isName ? undefined : SECURABLES[word];
    if (on) this.at += 1;
    return { on: on ?? 'TABLE', name: this.name() };
  }

  private privilege(): string {
    const words: string[] = [];
    while (this.more() && keyword(this.tokens[this.at]) !== 'ON' && !isSymbol(this.tokens[this.at], ',')) {
      words.push(keyword(this.tokens[this.at]));
      this.at += 1;
    }
    const name = words.join(' ').replace(/^USAGE$/, 'USE SCHEMA');
    if (PRIVILEGES.has(name)) return name;
    this.at -= words.length;
    throw this.unexpected();
  }

  /** `user@example.com` is written in backticks, a group plainly. */
  private principal(): string {
    this.take('USER');
    this.take('GROUP');
    return this.tokens[this.at]?.kind === 'string' ? this.string() : this.part();
  }
}
