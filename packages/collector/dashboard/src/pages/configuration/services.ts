import type { ConfigurationView } from '../../../../lib/steering/Steering';
import type { InForce, Level, Rule, Setting } from '../../../../lib/steering/rules';

type Sender = ConfigurationView['senders'][number];

/** What can be steered at once: a service, or all of them. */
export interface Target {
  /** Null: everything, also services that are yet to come. */
  readonly service: string | null;
  /** Those who asked within the hour. */
  readonly senders: readonly Sender[];
  readonly rule: Rule | undefined;
  readonly inForce: InForce;
  readonly lastMs: number | null;
}

export const NO_OPINION: Setting = { enabled: null, level: null, sampleRate: null };
const NOTHING_IN_FORCE: InForce = { enabled: true, level: null, sampleRate: 1, decidedBy: [] };

/** Services that asked, have a rule, or have records: a service that is off still has to be found. */
export function targetsOf({ rules, senders }: ConfigurationView, known: readonly string[]): readonly Target[] {
  const ruled = rules.flatMap((rule) => (rule.scope === 'service' ? [rule.name] : []));
  const asking = senders.flatMap(({ service }) => service ?? []);
  const names = [...new Set([...asking, ...ruled, ...known])];
  const targets = names.map((service): Target => {
    const own = senders.filter((sender) => sender.service === service);
    const rule = rules.find((one) => one.scope === 'service' && one.name === service);
    return {
      service,
      senders: own,
      rule,
      inForce: own[0]?.inForce ?? withoutSender(rules, rule),
      lastMs: own.length === 0 ? null : Math.max(...own.map(({ lastMs }) => lastMs)),
    };
  });
  // Those that are silent last; by name, so that none changes its place when it asks again.
  return targets.sort(
    (a, b) => Number(a.lastMs === null) - Number(b.lastMs === null) || (a.service ?? '').localeCompare(b.service ?? ''),
  );
}

export function everything({ rules, senders }: ConfigurationView): Target {
  const rule = rules.find(({ scope }) => scope === 'all');
  return { service: null, senders, rule, inForce: withoutSender(rules, undefined), lastMs: senders[0]?.lastMs ?? null };
}

/** What a service would get that has not asked: of the rules for all and its own. */
function withoutSender(rules: readonly Rule[], own: Rule | undefined): InForce {
  const all = rules.find(({ scope }) => scope === 'all');
  return [all, own].reduce((result: InForce, rule): InForce => {
    if (rule === undefined) return result;
    const { enabled, level, sampleRate } = rule.set;
    return {
      enabled: result.enabled && enabled !== false,
      level: level ?? result.level,
      sampleRate: Math.min(result.sampleRate, sampleRate ?? 1),
      decidedBy: [...result.decidedBy, rule.scope],
    };
  }, NOTHING_IN_FORCE);
}

export const LEVELS: readonly { readonly value: Level; readonly means: string }[] = [
  { value: 'ERROR', means: 'Only errors.' },
  { value: 'WARN', means: 'Errors and what went wrong on the way.' },
  { value: 'INFO', means: 'One record per statement and session.' },
  { value: 'DEBUG', means: 'Everything that the application allows.' },
];

export const RATES = [1, 0.25, 0.1, 0.01] as const;

export const rateName = (rate: number | null): string =>
  rate === null || rate === 1 ? 'all' : rate === 0 ? 'none' : `1 in ${Math.round(1 / rate)}`;

/** What a change says, in words: `telemetry off, sampling 1 in 10`. */
export function wordsOf({ enabled, level, sampleRate }: Setting): string {
  const parts = [
    ...(enabled === null ? [] : [`telemetry ${enabled ? 'on' : 'off'}`]),
    ...(level === null ? [] : [`level ${level}`]),
    ...(sampleRate === null ? [] : [`sampling ${rateName(sampleRate)}`]),
  ];
  return parts.length === 0 ? 'no opinion' : parts.join(', ');
}

export const sameSetting = (a: Setting, b: Setting): boolean =>
  a.enabled === b.enabled && a.level === b.level && a.sampleRate === b.sampleRate;
