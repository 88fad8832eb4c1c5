/** Levels of what a sender may report, from nothing but the worst to everything. */
export const LEVELS = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;
export type Level = (typeof LEVELS)[number];

/** What a rule says; null is "no opinion". */
export interface Setting {
  readonly enabled: boolean | null;
  readonly level: Level | null;
  readonly sampleRate: number | null;
}

export type RuleTarget =
  { readonly scope: 'all'; readonly name: null } | { readonly scope: 'host' | 'service'; readonly name: string };

export type Rule = RuleTarget & {
  readonly set: Setting;
  /** Who set it, as they named themselves. */
  readonly by: string;
  readonly atMs: number;
};

/** One change: what was set, or null when a rule was taken back. */
export interface AuditEntry {
  readonly scope: RuleTarget['scope'];
  readonly name: string | null;
  readonly set: Setting | null;
  readonly by: string;
  readonly atMs: number;
}

/** What is in force for one sender, and which rules decided. */
export interface InForce {
  readonly enabled: boolean;
  readonly level: Level | null;
  readonly sampleRate: number;
  readonly decidedBy: readonly string[];
}

export interface Asker {
  readonly service: string | null;
  readonly host: string | null;
}

/** The rules that `changes`, oldest first, come to. */
export function rulesAfter(changes: readonly AuditEntry[]): Rule[] {
  const rules = new Map<string, Rule>();
  for (const { scope, name, set, by, atMs } of changes) {
    const target: RuleTarget = scope === 'all' || name === null ? { scope: 'all', name: null } : { scope, name };
    rules.delete(nameOfRule(target));
    if (set !== null) rules.set(nameOfRule(target), { ...target, set, by, atMs });
  }
  return [...rules.values()];
}

export const nameOfRule = ({ scope, name }: RuleTarget): string => (scope === 'all' ? 'all' : `${scope} ${name}`);

/** The strictest of the rules that fit: a rule can reduce what another one left, never give more. */
export function inForce(rules: readonly Rule[], { service, host }: Asker): InForce {
  let result: InForce = { enabled: true, level: null, sampleRate: 1, decidedBy: [] };
  for (const rule of rules) {
    const fits =
      rule.scope === 'all' || (rule.scope === 'service' ? rule.name === service : rule.name === host?.toLowerCase());
    if (!fits) continue;
    const next = stricter(result, rule.set);
    const changed =
      next.enabled !== result.enabled || next.level !== result.level || next.sampleRate !== result.sampleRate;
    result = { ...next, decidedBy: changed ? [...result.decidedBy, nameOfRule(rule)] : result.decidedBy };
  }
  return result;
}

function stricter(before: InForce, { enabled, level, sampleRate }: Setting): InForce {
  return {
    ...before,
    enabled: before.enabled && enabled !== false,
    level: level === null || (before.level !== null && rank(before.level) <= rank(level)) ? before.level : level,
    sampleRate: Math.min(before.sampleRate, sampleRate ?? 1),
  };
}

const rank = (level: Level): number => LEVELS.indexOf(level);
