import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NewerVersionError } from '../journal/format';
import { nameOfRule, type Rule, type RuleTarget, type Setting } from './rules';

/** One change: what was set, or null when a rule was taken back. */
export interface AuditEntry {
  readonly scope: string;
  readonly name: string | null;
  readonly set: Setting | null;
  readonly by: string;
  readonly atMs: number;
}

const VERSION = 1;
const MAX_AUDIT = 1_000;

interface Content {
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly audit: readonly AuditEntry[];
}

/** The rules and the list of their changes, in one file that is replaced as a whole. */
export class ConfigurationFile {
  private content: Content;
  private readonly path: string;

  /** Throws when the file was written by a newer release or is damaged: better no start than forgotten switches. */
  constructor(folder: string) {
    this.path = join(folder, 'configuration.json');
    this.content = read(this.path);
  }

  get rules(): readonly Rule[] {
    return this.content.rules;
  }

  /** Newest first. */
  get audit(): readonly AuditEntry[] {
    return this.content.audit;
  }

  set(target: RuleTarget, set: Setting, by: string, atMs: number): void {
    const others = this.rules.filter((rule) => nameOfRule(rule) !== nameOfRule(target));
    this.write([...others, { ...target, set, by, atMs }], { ...target, set, by, atMs });
  }

  /** Whether there was such a rule. */
  remove(target: RuleTarget, by: string, atMs: number): boolean {
    const others = this.rules.filter((rule) => nameOfRule(rule) !== nameOfRule(target));
    if (others.length === this.rules.length) return false;
    this.write(others, { ...target, set: null, by, atMs });
    return true;
  }

  private write(rules: readonly Rule[], entry: AuditEntry): void {
    const content = { version: VERSION, rules, audit: [entry, ...this.audit].slice(0, MAX_AUDIT) };
    const temporary = `${this.path}.tmp`;
    writeFileSync(temporary, JSON.stringify(content, undefined, 2), { mode: 0o600 });
    const file = openSync(temporary, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, this.path);
    this.content = content;
  }
}

function read(path: string): Content {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ENOENT') return { version: VERSION, rules: [], audit: [] };
    throw error;
  }
  const content = JSON.parse(text) as Content;
  if (content.version > VERSION) throw new NewerVersionError('The configuration', content.version, VERSION);
  return content;
}
