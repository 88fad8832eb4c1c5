import { parseAlter, type AlterCommand } from './alterTable';
import { refusedStatement } from './clauses';
import { isSymbol, keyword, type Token } from './lexer';
import { parseCopyInto, type CopyInto } from './copyInto';
import { parseCopyTable, type CopyTable } from './copyTable';
import { parseDriverShow, type DriverShow } from './driverShow';
import { parseNoteCommand, type NoteCommand } from './noteCommands';
import { SqlError, unsupported } from './SqlError';
import { parseTellCommand, type TellCommand } from './tellCommands';
import { TokenReader } from './TokenReader';
import { parseUpkeep, type UpkeepCommand } from './upkeep';
import { parseGrant, type GrantCommand } from './grants';
import { parseVariableCommand, type VariableCommand } from './variables';
import { parseVolumeCommand, type VolumeCommand } from './volumeCommands';

export type ShowSubject = 'CATALOGS' | 'SCHEMAS' | 'TABLES' | 'VIEWS' | 'COLUMNS';

/** Statements about the session, the catalog or volumes: everything that is no query, DML or DDL on tables. */
export type Command =
  | DriverShow
  | CopyInto
  | CopyTable
  | VolumeCommand
  | UpkeepCommand
  | NoteCommand
  | TellCommand
  | AlterCommand
  | GrantCommand
  | VariableCommand
  | { kind: 'describe-history'; name: string[]; limit: number | undefined }
  | { kind: 'describe-detail'; name: string[] }
  | { kind: 'use-catalog'; catalog: string }
  | { kind: 'use'; name: string[] }
  | { kind: 'set'; name: string; value: string | undefined }
  | { kind: 'set-all' }
  | { kind: 'reset'; name: string | undefined }
  | { kind: 'show'; subject: ShowSubject; in: string[]; like: string | undefined }
  | { kind: 'describe-table'; name: string[]; extended: boolean; asJson: boolean; column: string[] }
  | { kind: 'describe-schema'; name: string[] }
  | { kind: 'describe-query'; from: number }
  | { kind: 'explain'; from: number }
  | { kind: 'create-catalog'; name: string; ifNotExists: boolean }
  | { kind: 'create-schema'; name: string[]; ifNotExists: boolean }
  | { kind: 'drop-catalog'; name: string; ifExists: boolean; cascade: boolean }
  | { kind: 'drop-schema'; name: string[]; ifExists: boolean; cascade: boolean }
  | { kind: 'put'; local: string; remote: string; overwrite: boolean }
  | { kind: 'get'; remote: string; local: string }
  | { kind: 'remove'; remote: string };

/** The command that `tokens` of `sql` spell; undefined when they are something for the SQL translator. Throws syntax errors. */
export function parseCommand(sql: string, tokens: readonly Token[]): Command | undefined {
  const refused = refusedStatement(tokens);
  if (refused !== undefined) throw unsupported(refused);
  const driverShow = parseDriverShow(tokens);
  if (driverShow) return driverShow;
  const other =
    parseGrant(tokens) ??
    parseVariableCommand(tokens) ??
    parseVolumeCommand(tokens) ??
    parseCopyInto(tokens) ??
    parseCopyTable(tokens) ??
    parseUpkeep(tokens) ??
    parseNoteCommand(tokens) ??
    parseTellCommand(tokens) ??
    parseAlter(sql, tokens);
  if (other) return other;
  const reader = new CommandReader(tokens);
  const command = reader.command();
  if (command && command.kind !== 'describe-query' && command.kind !== 'explain') reader.end();
  return command;
}

class CommandReader extends TokenReader {
  command(): Command | undefined {
    switch (keyword(this.tokens[0])) {
      case 'USE':
        return this.use();
      case 'SET':
        return this.set();
      case 'RESET':
        this.at = 1;
        return { kind: 'reset', name: this.more() ? this.rest() : undefined };
      case 'SHOW':
        return this.show();
      case 'DESC':
      case 'DESCRIBE':
        return this.describe();
      case 'EXPLAIN':
        return this.explain();
      case 'CREATE':
        return this.create();
      case 'DROP':
        return this.drop();
      case 'PUT':
      case 'GET':
      case 'REMOVE':
        return this.tokens[1]?.kind === 'string' ? this.staging() : undefined;
      default:
        return undefined;
    }
  }

  private use(): Command {
    this.at = 1;
    if (this.take('CATALOG'))
      return { kind: 'use-catalog', catalog: this.tokens[this.at]?.kind === 'string' ? this.string() : this.part() };
    if (!this.take('SCHEMA')) this.take('DATABASE');
    return { kind: 'use', name: this.name() };
  }

  private set(): Command | undefined {
    this.at = 1;
    if (!this.more()) return { kind: 'set-all' };
    if (this.take('TIME', 'ZONE')) return { kind: 'set', name: 'TIMEZONE', value: this.rest() };
    if (keyword(this.tokens[1]) === 'ROLE') return undefined;
    const name: string[] = [];
    while (this.more() && !isSymbol(this.tokens[this.at], '=')) {
      name.push((this.tokens[this.at] as Token).value);
      this.at += 1;
    }
    if (!this.more()) return { kind: 'set', name: name.join(''), value: undefined };
    this.at += 1;
    return { kind: 'set', name: name.join(''), value: this.rest() };
  }

  private show(): Command | undefined {
    this.at = 1;
    const word = keyword(this.tokens[this.at]);
    const subject = SUBJECTS[word];
    if (!subject) return undefined;
    this.at += 1;
    const scope: string[] = [];
    while (this.take('IN') || this.take('FROM')) scope.unshift(...this.name());
    if (subject === 'COLUMNS' && scope.length === 0) throw this.unexpected();
    const plain = this.tokens[this.at]?.kind === 'string';
    const like = plain || this.take('LIKE') ? this.string() : undefined;
    return { kind: 'show', subject, in: scope, like };
  }

  private describe(): Command | undefined {
    this.at = 1;
    if (this.take('HISTORY')) return { kind: 'describe-history', name: this.name(), limit: this.limit() };
    if (this.take('DETAIL')) {
      if (this.tokens[this.at]?.kind === 'string') throw unsupported('DESCRIBE DETAIL of a path');
      return { kind: 'describe-detail', name: this.name() };
    }
    if (this.take('SCHEMA') || this.take('DATABASE')) {
      this.take('EXTENDED');
      return { kind: 'describe-schema', name: this.name() };
    }
    if (this.take('QUERY') || QUERY_STARTS.has(keyword(this.tokens[this.at]))) {
      return { kind: 'describe-query', from: this.tokens[this.at]?.start ?? 0 };
    }
    this.take('TABLE');
    const extended = this.take('EXTENDED') || this.take('FORMATTED');
    const name = this.name();
    const asJson = extended && this.take('AS', 'JSON');
    const column = this.more() && !asJson ? this.name() : [];
    return { kind: 'describe-table', name, extended, asJson, column };
  }

  private limit(): number | undefined {
    if (!this.take('LIMIT')) return undefined;
    const token = this.tokens[this.at];
    if (token?.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    this.at += 1;
    return Number(token.text);
  }

  private explain(): Command {
    this.at = 1;
    for (const mode of ['EXTENDED', 'FORMATTED', 'CODEGEN', 'COST']) this.take(mode);
    return { kind: 'explain', from: this.tokens[this.at]?.start ?? 0 };
  }

  private create(): Command | undefined {
    const what = keyword(this.tokens[1]);
    if (what === 'TABLE') this.checkColumns();
    if (what !== 'CATALOG' && what !== 'SCHEMA' && what !== 'DATABASE') return undefined;
    this.at = 2;
    const ifNotExists = this.take('IF', 'NOT', 'EXISTS');
    const name = this.name();
    if (this.take('COMMENT')) this.string();
    if (this.take('MANAGED', 'LOCATION') || this.take('LOCATION')) this.string();
    if (what === 'CATALOG') return { kind: 'create-catalog', name: name.join('.'), ifNotExists };
    return { kind: 'create-schema', name, ifNotExists };
  }

  /** Without columns a table has those of its files. */
  private checkColumns(): void {
    this.at = 2;
    this.take('IF', 'NOT', 'EXISTS');
    if (this.more() && keyword(this.tokens[this.at]) !== 'IDENTIFIER') this.name();
    const isBare = !this.more() || WITHOUT_COLUMNS.has(keyword(this.tokens[this.at]) ?? '');
    if (isBare && !this.tokens.slice(this.at).some((token) => QUERY_STARTS.has(keyword(token) ?? '')))
      throw unsupported('CREATE TABLE without columns');
  }

  private drop(): Command | undefined {
    const what = keyword(this.tokens[1]);
    if (what !== 'CATALOG' && what !== 'SCHEMA' && what !== 'DATABASE') return undefined;
    this.at = 2;
    const ifExists = this.take('IF', 'EXISTS');
    const name = this.name();
    const cascade = this.take('CASCADE');
    if (!cascade) this.take('RESTRICT');
    if (what !== 'CATALOG') return { kind: 'drop-schema', name, ifExists, cascade };
    return { kind: 'drop-catalog', name: name.join('.'), ifExists, cascade };
  }

  private staging(): Command {
    this.at = 1;
    switch (keyword(this.tokens[0])) {
      case 'PUT': {
        const local = this.localFile('PUT');
        if (!this.take('INTO')) throw this.unexpected();
        const remote = this.string();
        return { kind: 'put', local, remote, overwrite: this.take('OVERWRITE') };
      }
      case 'GET': {
        const remote = this.string();
        if (!this.take('TO')) throw this.unexpected();
        return { kind: 'get', remote, local: this.localFile('GET') };
      }
      default:
        return { kind: 'remove', remote: this.string() };
    }
  }

  private localFile(operation: string): string {
    const local = this.string();
    if (local !== '') return local;
    const text = `Empty local file in staging ${operation} query.`;
    throw new SqlError('EMPTY_LOCAL_FILE_IN_STAGING_ACCESS_QUERY', '22023', text);
  }
}

const WITHOUT_COLUMNS = new Set(['USING', 'LOCATION', 'OPTIONS', 'TBLPROPERTIES', 'COMMENT']);
const QUERY_STARTS = new Set(['SELECT', 'WITH', 'VALUES']);

const SUBJECTS: Readonly<Record<string, ShowSubject | undefined>> = {
  CATALOGS: 'CATALOGS',
  SCHEMAS: 'SCHEMAS',
  DATABASES: 'SCHEMAS',
  NAMESPACES: 'SCHEMAS',
  TABLES: 'TABLES',
  VIEWS: 'VIEWS',
  COLUMNS: 'COLUMNS',
};
