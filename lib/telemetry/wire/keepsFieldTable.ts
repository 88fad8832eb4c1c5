import type { ExportMode } from '../http/endpoints';
import { keepsRule, wireFields, type RecordKind, type ValueRule } from '../../model/fields/fieldTable';

const KINDS: readonly RecordKind[] = ['connection', 'statement', 'error'];

function rulesFor(authenticated: boolean): ReadonlyMap<string, ValueRule> {
  return new Map(KINDS.flatMap((kind) => wireFields(kind, { authenticated })).map(({ path, rule }) => [path, rule]));
}

const RULES: Record<ExportMode, ReadonlyMap<string, ValueRule>> = {
  authenticated: rulesFor(true),
  unauthenticated: rulesFor(false),
};

/**
 * Whether a log that was not written in this process has only fields that may leave in `mode`, each with a value that
 * keeps its rule. Never throws.
 */
export function keepsFieldTable(log: string, mode: ExportMode): boolean {
  try {
    const value: unknown = JSON.parse(log);
    return typeof value === 'object' && value !== null && keeps(value, '', RULES[mode]);
  } catch {
    return false;
  }
}

function keeps(value: unknown, path: string, rules: ReadonlyMap<string, ValueRule>): boolean {
  if (typeof value === 'object' && value !== null) {
    const prefix = path === '' ? '' : `${path}.`;
    return !Array.isArray(value) && Object.entries(value).every(([name, inner]) => keeps(inner, prefix + name, rules));
  }
  const rule = rules.get(path);
  return rule !== undefined && keepsRule(rule, rule.type === 'int64 digits' ? `${String(value)}` : value);
}
