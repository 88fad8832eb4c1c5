import type { LogForm } from '../../model/fields/fieldRow';
import {
  keepsRule,
  wireFields,
  type FieldRow,
  type RecordKind,
  type ValueRule,
  type WireFieldOptions,
} from '../../model/fields/fieldTable';
import { isObject, parseJson } from '../../util/foreign';

const KINDS: readonly RecordKind[] = ['connection', 'statement', 'error'];

function fieldsFor(options: WireFieldOptions): readonly FieldRow[] {
  return [...new Set(KINDS.flatMap((kind) => wireFields(kind, options)))];
}

const FIELDS: Record<LogForm, readonly FieldRow[]> = {
  authenticated: fieldsFor({ authenticated: true }),
  unauthenticated: fieldsFor({ authenticated: false }),
  local: fieldsFor({ authenticated: true, local: true }),
};

/** As this library writes it: in front, and in full where a number would be rounded. */
const WORKSPACE_ID = /^\{"workspace_id":([1-9]\d{0,17})[,}]/;

/**
 * A log that was not written in this process, made anew of the fields that may leave in `form`: what else stands in it,
 * under whatever name, is not in the result. Undefined when it is none, or a value breaks its rule. Never throws.
 */
export function rebuildLog(log: string, form: LogForm): string | undefined {
  const value = parseJson(log);
  if (!isTree(value)) return undefined;
  const rebuilt: Record<string, unknown> = {};
  for (const { path, rule, source } of FIELDS[form]) {
    const names = path.split('.');
    const found = names.reduce<unknown>(ownValue, value);
    if (found === undefined) continue;
    if (!(rule.type === 'int64 digits' ? keepsDigits(rule, found) : keepsRule(rule, found))) return undefined;
    // Local fields of another version mean something else.
    if (source.from === 'constant' && source.value !== found) return undefined;
    put(rebuilt, names, found);
  }
  const json = JSON.stringify(rebuilt);
  const workspaceId = WORKSPACE_ID.exec(log)?.[1];
  return workspaceId === undefined
    ? json
    : json.replace(WORKSPACE_ID, (text, read: string) => text.replace(read, workspaceId));
}

/** Digits are text in the table and a number in the log. */
function keepsDigits(rule: ValueRule, found: unknown): boolean {
  return typeof found === 'number' && keepsRule(rule, String(found));
}

function ownValue(holder: unknown, name: string): unknown {
  return isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

/** Names of the field table alone get here: none of them is a property of every object. */
function put(target: Record<string, unknown>, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = isTree(target[name]) ? target[name] : {};
  target[name] = inner;
  put(inner, rest, value);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}
