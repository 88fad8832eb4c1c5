import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NewerVersionError, type JournalPosition } from '../../journal/format';
import { replaceFile } from '../../replaceFile';

const VERSION = 1;

interface Content {
  readonly version: number;
  /** Tells this collector's loads from those of others. */
  readonly collector: string;
  readonly position: JournalPosition;
}

/** Up to where the journal of this folder is in a store that others write to as well. Survives a kill at any moment. */
export class Checkpoint {
  private content: Content;
  private readonly path: string;

  /** Throws when the file is damaged or of a newer release. */
  constructor(folder: string) {
    this.path = join(folder, 'checkpoint.json');
    this.content = read(this.path) ?? {
      version: VERSION,
      collector: randomUUID(),
      position: { segment: 0, offset: 0 },
    };
    if (this.content.version > VERSION) throw new NewerVersionError('The checkpoint', this.content.version, VERSION);
    this.write();
  }

  get position(): JournalPosition {
    return this.content.position;
  }

  /** The load that begins here: the same name when it is tried again. */
  get nextLoad(): string {
    const { segment, offset } = this.content.position;
    return `${this.content.collector}-${segment}-${offset}`;
  }

  advance(position: JournalPosition): void {
    this.content = { ...this.content, position };
    this.write();
  }

  private write(): void {
    replaceFile(this.path, JSON.stringify(this.content));
  }
}

function read(path: string): Content | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as Content;
}
