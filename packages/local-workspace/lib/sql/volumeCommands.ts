import { keyword, type Token } from './lexer';
import { unsupported } from './SqlError';
import { TokenReader } from './TokenReader';

/** Statements about volumes and the files in them. */
export type VolumeCommand =
  | { kind: 'create-volume'; name: string[]; ifNotExists: boolean }
  | { kind: 'drop-volume'; name: string[]; ifExists: boolean }
  | { kind: 'show-volumes'; in: string[]; like: string | undefined }
  | { kind: 'describe-volume'; name: string[] }
  | { kind: 'list'; path: string; limit: number | undefined };

/** The statement that `tokens` spell; undefined when they are about something else. Throws syntax errors. */
export function parseVolumeCommand(tokens: readonly Token[]): VolumeCommand | undefined {
  const reader = new VolumeReader(tokens);
  const command = reader.command();
  if (command) reader.end();
  return command;
}

class VolumeReader extends TokenReader {
  command(): VolumeCommand | undefined {
    const [first, second] = [keyword(this.tokens[0]), keyword(this.tokens[1])];
    this.at = 2;
    switch (first) {
      case 'CREATE':
        if (second === 'EXTERNAL' && this.take('VOLUME')) throw unsupported('CREATE EXTERNAL VOLUME');
        return second === 'VOLUME' ? this.create() : undefined;
      case 'DROP':
        if (second !== 'VOLUME') return undefined;
        return { ifExists: this.take('IF', 'EXISTS'), kind: 'drop-volume', name: this.name() };
      case 'SHOW':
        return second === 'VOLUMES' ? this.show() : undefined;
      case 'DESC':
      case 'DESCRIBE':
        return second === 'VOLUME' ? { kind: 'describe-volume', name: this.name() } : undefined;
      case 'LIST':
      case 'LS':
        this.at = 1;
        return this.tokens[1]?.kind === 'string' ? this.list() : undefined;
      default:
        return undefined;
    }
  }

  private create(): VolumeCommand {
    const ifNotExists = this.take('IF', 'NOT', 'EXISTS');
    const name = this.name();
    if (this.take('COMMENT')) this.string();
    return { kind: 'create-volume', name, ifNotExists };
  }

  private show(): VolumeCommand {
    const scope: string[] = this.take('IN') || this.take('FROM') ? this.name() : [];
    const plain = this.tokens[this.at]?.kind === 'string';
    return { kind: 'show-volumes', in: scope, like: plain || this.take('LIKE') ? this.string() : undefined };
  }

  private list(): VolumeCommand {
    const path = this.string();
    const limit = this.take('LIMIT') ? Number(this.rest()) : undefined;
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) throw this.unexpected();
    return { kind: 'list', path, limit };
  }
}
