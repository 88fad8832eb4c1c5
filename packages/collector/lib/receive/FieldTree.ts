import { FIELDS, IGNORED } from './fieldTable';
import { DERIVED, keep, type Rule } from './rules';

type Node =
  | { readonly kind: 'field'; readonly key: string; readonly rule: Rule; readonly path: string }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'object'; readonly path: string; readonly children: Map<string, Node> };

type Branch = Extract<Node, { kind: 'object' }>;

/** What a log says, by the names of the field table; the values have passed their rules. */
export type RawFacts = Record<string, string | number | boolean>;

/** What was read of a log: facts that may be kept, and text that something may be derived from. */
export interface ReadLog {
  readonly facts: RawFacts;
  readonly derived: Record<string, string>;
}

/** Told of what was not kept: `path` of the table, or the last known object and a name of the sender's. */
export type NotKept = (reason: 'unknown' | 'invalid', name: string) => void;

const ODD_NAME = '(odd name)';

function build(): Branch {
  const root: Branch = { kind: 'object', path: '', children: new Map() };
  for (const { path, key, rule } of FIELDS) insert(root, path, { kind: 'field', key, rule, path });
  for (const path of IGNORED) insert(root, path, { kind: 'ignored' });
  return root;
}

function insert(root: Branch, path: string, leaf: Node): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let branch = root;
  for (const name of names) {
    const at = branch.path === '' ? name : `${branch.path}.${name}`;
    const known = branch.children.get(name);
    const next: Branch = known?.kind === 'object' ? known : { kind: 'object', path: at, children: new Map() };
    branch.children.set(name, next);
    branch = next;
  }
  branch.children.set(last, leaf);
}

const ROOT = build();

/** Reads what the table names from `log`, however it is shaped. Total: depth is that of the table. */
export function readFields(log: object, notKept: NotKept): ReadLog {
  const result: ReadLog = { facts: {}, derived: {} };
  read(log as Record<string, unknown>, ROOT, result, notKept);
  return result;
}

function read(from: Record<string, unknown>, branch: Branch, into: ReadLog, notKept: NotKept): void {
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (value === null || value === undefined) continue;
    const node = branch.children.get(name);
    switch (node?.kind) {
      case undefined:
        notKept('unknown', nameOf(branch.path, name));
        break;
      case 'ignored':
        break;
      case 'object':
        if (typeof value === 'object' && !Array.isArray(value)) {
          read(value as Record<string, unknown>, node, into, notKept);
        } else notKept('invalid', node.path);
        break;
      case 'field': {
        const kept = keep(node.rule, value);
        if (kept === undefined) notKept('invalid', node.path);
        else if (node.rule === DERIVED) into.derived[node.key] = String(kept);
        else into.facts[node.key] = kept;
      }
    }
  }
}

/** A sender chooses its names: what does not look like the name of a field is not repeated. */
function nameOf(path: string, name: string): string {
  const shown = /^[a-zA-Z]\w{0,47}$/.test(name) ? name : ODD_NAME;
  return path === '' ? shown : `${path}.${shown}`;
}
