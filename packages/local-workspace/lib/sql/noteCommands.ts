import { keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { PropertiesReader } from './tableNotes';

/** Statements about what is noted of a table or view: its comments, properties and tags. */
export type NoteCommand =
  | { kind: 'comment-on'; subject: 'TABLE' | 'COLUMN'; name: string[]; text: string | undefined }
  | { kind: 'alter-properties'; name: string[]; set: Readonly<Record<string, string>>; unset: readonly string[] }
  | {
      kind: 'alter-tags';
      name: string[];
      column: string | undefined;
      set: Readonly<Record<string, string>>;
      unset: readonly string[];
    }
  | { kind: 'show-create'; name: string[] }
  | { kind: 'show-properties'; name: string[]; key: string | undefined }
  | { kind: 'show-table-extended'; in: string[]; like: string };

/** The statement that `tokens` spell; undefined when they are about something else. Throws syntax errors. */
export function parseNoteCommand(tokens: readonly Token[]): NoteCommand | undefined {
  const reader = new NoteCommandReader(tokens);
  const command = reader.command();
  if (command) reader.end();
  return command;
}

class NoteCommandReader extends PropertiesReader {
  command(): NoteCommand | undefined {
    this.at = 1;
    switch (keyword(this.tokens[0])) {
      case 'COMMENT':
        return this.take('ON') ? this.commentOn() : undefined;
      case 'ALTER':
        return this.take('TABLE') || this.take('VIEW') ? this.alter() : undefined;
      case 'SHOW':
        return this.show();
      default:
        return undefined;
    }
  }

  private commentOn(): NoteCommand | undefined {
    const isColumn = this.take('COLUMN');
    if (!isColumn && !this.take('TABLE') && !this.take('VIEW'))
      throw unsupported(`COMMENT ON ${keyword(this.tokens[this.at])}`);
    const name = this.name();
    if (!this.take('IS')) throw this.unexpected();
    const text = this.take('NULL') ? undefined : this.string();
    return { kind: 'comment-on', subject: isColumn ? 'COLUMN' : 'TABLE', name, text };
  }

  private alter(): NoteCommand | undefined {
    const name = this.name();
    const column = this.column();
    if (column === undefined && this.take('SET', 'TBLPROPERTIES')) {
      return { kind: 'alter-properties', name, set: this.properties(), unset: [] };
    }
    if (column === undefined && this.take('UNSET', 'TBLPROPERTIES')) {
      this.take('IF', 'EXISTS');
      return { kind: 'alter-properties', name, set: {}, unset: this.keys() };
    }
    if (this.take('SET', 'TAGS')) return { kind: 'alter-tags', name, column, set: this.properties(), unset: [] };
    if (this.take('UNSET', 'TAGS')) return { kind: 'alter-tags', name, column, set: {}, unset: this.keys() };
    if (column !== undefined && this.take('COMMENT')) {
      return { kind: 'comment-on', subject: 'COLUMN', name: [...name, column], text: this.string() };
    }
    return undefined;
  }

  /** The column that `ALTER COLUMN c` names. */
  private column(): string | undefined {
    if (!this.take('ALTER') && !this.take('CHANGE')) return undefined;
    this.take('COLUMN');
    return this.part();
  }

  private show(): NoteCommand | undefined {
    if (this.take('TBLPROPERTIES')) {
      const name = this.name();
      const [key] = this.more() ? this.keys() : [];
      return { kind: 'show-properties', name, key };
    }
    if (this.take('CREATE', 'TABLE')) {
      const name = this.name();
      if (this.take('AS', 'SERDE')) throw unsupported('SHOW CREATE TABLE … AS SERDE');
      return { kind: 'show-create', name };
    }
    if (!this.take('TABLE', 'EXTENDED')) return undefined;
    const scope = this.take('IN') || this.take('FROM') ? this.name() : [];
    this.take('LIKE');
    return { kind: 'show-table-extended', in: scope, like: this.string() };
  }
}
