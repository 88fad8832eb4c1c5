import type { TelemetryMode } from './options';

interface Flag {
  readonly name: string;
  readonly value: unknown;
}

export interface FlagAnswer {
  readonly flags: readonly Flag[];
  readonly ttl_seconds?: unknown;
  readonly configuration?: unknown;
}

/** Each driver has a telemetry flag of its own; all begin like this. */
const TELEMETRY_FLAG = /\.enableTelemetry\w*$/;

const isTelemetry = ({ name }: Flag): boolean => TELEMETRY_FLAG.test(name);
const isOn = ({ value }: Flag): boolean => String(value).toLowerCase() === 'true';

/** What a flag service said; undefined for what is no such answer. */
export function parseFlags(body: Buffer): FlagAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const flags = typeof value === 'object' && value !== null ? (value as { flags?: unknown }).flags : undefined;
  return Array.isArray(flags) && flags.every(isFlag) ? (value as FlagAnswer) : undefined;
}

const isFlag = (flag: unknown): flag is Flag =>
  typeof flag === 'object' && flag !== null && typeof (flag as { name?: unknown }).name === 'string';

/**
 * One answer of two: everything but telemetry is the workspace's. Telemetry that stays at home is the collector's to
 * decide; telemetry that the workspace gets too is on when both say so. Who does not answer says no.
 */
export function mergeFlags(
  mode: TelemetryMode,
  workspace: FlagAnswer | undefined,
  collector: FlagAnswer | undefined,
): FlagAnswer {
  const others = (workspace?.flags ?? []).filter((flag) => !isTelemetry(flag));
  const atHome = (collector?.flags ?? []).filter(isTelemetry);
  const ttl_seconds = Math.min(...[workspace, collector].map(ttlOf));
  switch (mode) {
    case 'keep': {
      const { configuration } = collector ?? {};
      return {
        ...workspace,
        flags: [...others, ...atHome],
        ttl_seconds,
        ...(configuration === undefined ? {} : { configuration }),
      };
    }
    case 'copy': {
      // A rule at home can only reduce what the workspace allows.
      const allowed = collector === undefined || atHome.every(isOn);
      const telemetry = (workspace?.flags ?? [])
        .filter(isTelemetry)
        .map((flag) => (allowed ? flag : { ...flag, value: 'false' }));
      return { ...workspace, flags: [...others, ...telemetry], ttl_seconds };
    }
  }
}

const LONGEST_TTL_S = 900;

function ttlOf(answer: FlagAnswer | undefined): number {
  const ttl = answer?.ttl_seconds ?? (answer as { ttlSeconds?: unknown } | undefined)?.ttlSeconds;
  return typeof ttl === 'number' && ttl > 0 ? ttl : LONGEST_TTL_S;
}
