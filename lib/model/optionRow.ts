/** Levels by their number: the higher, the more verbose. A log level of `OFF` lets nothing leave. */
export const TELEMETRY_LEVELS = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;

/** The most verbose severity that may leave. */
export type TelemetryLogLevel = (typeof TELEMETRY_LEVELS)[number];

/** One request of telemetry as it would be made. */
export interface TelemetryPreview {
  readonly method: 'POST';
  readonly url: string;
  /**
   * Names in lower case, as they would be sent: `content-encoding` says that the body would leave compressed. In place of
   * the credentials stands `<credentials>`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact body, before any compression. */
  readonly body: string;
}

/** Gets what would be sent. What it throws is swallowed. */
export type OnPreview = (preview: TelemetryPreview) => void;

export interface RowBase<T> {
  readonly default: T;
  readonly description: string;
  /** The option limits what leaves: with a value that it cannot have, nothing leaves. Others fall back to the default. */
  readonly limits?: true;
  /** Environment variable that says what code leaves open. */
  readonly env?: string;
}

/** A whole number within limits; one beyond is brought to the nearer limit. */
export interface NumberRow extends RowBase<number> {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
  readonly unit: 'ms' | 'bytes' | 'count';
}

/** One of some names, in any case; where `isNumbered`, also its number, counted from 0. */
export interface NameRow<Name extends string> extends RowBase<Name> {
  readonly type: 'name';
  readonly names: readonly Name[];
  readonly isNumbered: boolean;
}

export type OptionRow =
  | NumberRow
  | NameRow<string>
  | (RowBase<boolean> & { readonly type: 'boolean' })
  | (RowBase<string> & { readonly type: 'text' })
  /** A name that the application gives itself, and that may leave. */
  | (RowBase<string> & { readonly type: 'label' })
  /** Credentials: shown to nobody. */
  | (RowBase<string | undefined> & { readonly type: 'secret' })
  /** A share between 0 and 1. */
  | (RowBase<number> & { readonly type: 'rate' })
  | (RowBase<string | undefined> & { readonly type: 'url' })
  | (RowBase<string | OnPreview | undefined> & { readonly type: 'dryRun' });

type Limits = readonly [min: number, max: number];

/** A row of the option table for a time in milliseconds. */
export function duration(ofDefault: number, [min, max]: Limits, description: string): NumberRow {
  return { type: 'number', default: ofDefault, min, max, unit: 'ms', description };
}

/** The same for a number of things. */
export function quantity(ofDefault: number, [min, max]: Limits, description: string): NumberRow {
  return { type: 'number', default: ofDefault, min, max, unit: 'count', description };
}

/** The same for a number of bytes. */
export function size(ofDefault: number, [min, max]: Limits, description: string): NumberRow {
  return { type: 'number', default: ofDefault, min, max, unit: 'bytes', description };
}

/** A row of the option table for a switch that only tunes. */
export function flag(ofDefault: boolean, description: string): RowBase<boolean> & { readonly type: 'boolean' } {
  return { type: 'boolean', default: ofDefault, description };
}

/** The type of an option, from that of its default. */
export type Widen<T> = T extends boolean ? boolean : T extends number ? number : T;

/** `row` as one that limits what leaves; `env` names the environment variable that says what code leaves open. */
export function limiting<Row extends OptionRow>(row: Row, env?: string): Row & { readonly limits: true } {
  return { ...row, limits: true, ...(env === undefined ? {} : { env }) };
}

/** A row of the option table for one of some names. */
export function choice<const Name extends string>(
  names: readonly Name[],
  ofDefault: NoInfer<Name>,
  description: string,
): NameRow<Name> {
  return { type: 'name', default: ofDefault, names, isNumbered: false, description };
}

type LevelNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** What an application may write for an option beside its value; the numbers of levels among it. */
export interface Spellings {
  telemetryLogLevel: TelemetryLogLevel | Lowercase<TelemetryLogLevel> | LevelNumber;
  telemetryEndpoint: string | URL;
  telemetryDryRun: string | OnPreview | boolean;
}
