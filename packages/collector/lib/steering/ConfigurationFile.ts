import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NewerVersionError } from '../journal/format';
import { replaceFile } from '../replaceFile';
import type { Configuration } from './Configuration';
import { rulesAfter, type Rule, type AuditEntry } from './rules';

const VERSION = 1;
const MAX_AUDIT = 1_000;

interface Content {
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly audit: readonly AuditEntry[];
  /** It is a copy of what the store of several collectors says. */
  readonly shared?: boolean;
}

/** The rules and the list of their changes, in one file that is replaced as a whole. */
export class ConfigurationFile implements Configuration {
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

  get audit(): readonly AuditEntry[] {
    return this.content.audit;
  }

  get isShared(): boolean {
    return this.content.shared === true;
  }

  /** The changes that led to the rules, as far as they are known, oldest first. */
  get changes(): readonly AuditEntry[] {
    const { rules, audit } = this.content;
    const isKnown = (rule: Rule): boolean =>
      audit.some(({ scope, name, atMs }) => scope === rule.scope && name === rule.name && atMs === rule.atMs);
    return [...rules.filter((rule) => !isKnown(rule)), ...audit].sort((a, b) => a.atMs - b.atMs);
  }

  /** Nobody else changes a file. */
  refresh(): Promise<void> {
    return Promise.resolve();
  }

  change(change: AuditEntry): Promise<void> {
    this.write({ version: VERSION, rules: rulesAfter([...this.rules, change]), audit: [change, ...this.audit] });
    return Promise.resolve();
  }

  /** Keeps what the store of several collectors says; `audit` newest first. */
  replace(rules: readonly Rule[], audit: readonly AuditEntry[]): void {
    this.write({ version: VERSION, rules, audit, shared: true });
  }

  private write(content: Content): void {
    const kept = { ...content, audit: content.audit.slice(0, MAX_AUDIT) };
    if (JSON.stringify(kept) === JSON.stringify(this.content)) return;
    replaceFile(this.path, JSON.stringify(kept, undefined, 2));
    this.content = kept;
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
  const content = parsed(text);
  const version = content?.version ?? 0;
  if (version > VERSION) throw new NewerVersionError('The configuration', version, VERSION);
  if (!Array.isArray(content?.rules) || !Array.isArray(content.audit)) {
    throw new Error(`${path} is damaged: restore it, or remove it and set its rules again.`);
  }
  return content as Content;
}

/** Undefined for what is no JSON. */
function parsed(text: string): Partial<Content> | null | undefined {
  try {
    return JSON.parse(text) as Partial<Content> | null;
  } catch {
    return undefined;
  }
}
