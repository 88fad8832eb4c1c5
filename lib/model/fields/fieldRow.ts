import type { ConnectionInfo, DriverConfiguration } from '../connection';
import { WIRE_ENUMS, type FieldScope, type WireEnumName } from '../enums';
import type { ErrorFacts } from '../errorFacts';
import type { ConnectionRecord, ErrorRecord, TelemetryRecord } from '../records';
import type { FileTotals, RareFacts, Statement } from '../Statement';

/** What is made of fields; a spooled record is a finished log. */
export type RecordKind = Exclude<TelemetryRecord['kind'], 'spooled'>;

/**
 * What of the fields a log has: all that the service knows; the minimal set, which names no workspace, session, statement,
 * host or path; or the first with the local fields beside it.
 */
export type LogForm = 'authenticated' | 'unauthenticated' | 'local';

/** What a value must be to leave; one that is not is omitted and counted, never shortened. */
export type ValueRule =
  | {
      readonly type: 'string';
      readonly pattern: RegExp;
      readonly maxLength: number;
      /** The pattern lets pass what JSON has to escape. */
      readonly escaped: boolean;
    }
  /** An int64 that is kept as its decimal digits, so that none is lost to floating point. */
  | { readonly type: 'int64 digits'; readonly pattern: RegExp; readonly maxLength: number }
  | { readonly type: 'int64'; readonly min: number; readonly max: number }
  | { readonly type: 'enum'; readonly enumName: WireEnumName; readonly values: readonly string[] }
  | { readonly type: 'bool' }
  /** More than 0 and less than 1. */
  | { readonly type: 'share' };

/** Names of fields, those of an inner object after its name. */
type Names<T> = keyof T & string;
export type ConnectionField = Names<ConnectionInfo> | 'origin.userAgent' | `driverConfig.${Names<DriverConfiguration>}`;
export type StatementField = Names<Statement> | `files.${Names<FileTotals>}` | `rare.${Names<RareFacts>}`;
export type ErrorField = Names<ErrorRecord> | `error.${Names<ErrorFacts>}`;

/** Where the value stands in each kind of record that carries it. */
export interface RecordPlaces {
  readonly connection?: Names<ConnectionRecord>;
  readonly statement?: StatementField;
  /** A function for what is made of several fields. */
  readonly error?: ErrorField | ((record: ErrorRecord) => unknown);
}

/** Where a value is found. What comes from the connection is the same for all of its records. */
export type FieldSource =
  | { readonly from: 'connection'; readonly at: ConnectionField }
  | { readonly from: 'record'; readonly at: RecordPlaces }
  /** The same in every log. */
  | { readonly from: 'constant'; readonly value: number }
  | { readonly from: 'nowhere' };

/** One row of the field table. */
export interface FieldRow {
  /** Path inside one log; for fields of scope `Local`, its name, which stands in `entry.local` where they leave. */
  readonly path: string;
  readonly rule: ValueRule;
  readonly unit?: 'ms' | 's' | 'bytes' | 'count';
  readonly scope: FieldScope;
  /** The records it belongs to. */
  readonly records: readonly RecordKind[];
  /** Present on every such record; the others are there when they are known. */
  readonly required?: true;
  /** The records that carry it when they are sent without credentials. */
  readonly unauthenticated?: readonly RecordKind[];
  /** What is taken instead of `source` when they are sent without credentials. */
  readonly unauthenticatedAt?: RecordPlaces;
  /** Only for sinks that ask for it. */
  readonly onRequest?: true;
  readonly source: FieldSource;
  readonly description: string;
}

export const EVERY_RECORD: readonly RecordKind[] = ['connection', 'statement', 'error'];

/** Text of a pattern without quotes, backslashes and control characters. */
export function text(pattern: RegExp, maxLength: number): ValueRule {
  return { type: 'string', pattern, maxLength, escaped: false };
}

export function escapedText(pattern: RegExp, maxLength: number): ValueRule {
  return { type: 'string', pattern, maxLength, escaped: true };
}

export function int64(min = 0, max = Number.MAX_SAFE_INTEGER): ValueRule {
  return { type: 'int64', min, max };
}

export function oneOf(enumName: WireEnumName): ValueRule {
  return { type: 'enum', enumName, values: WIRE_ENUMS[enumName] };
}

export const bool: ValueRule = { type: 'bool' };

export const share: ValueRule = { type: 'share' };

/** Whether `value` may leave under `rule`. */
export function keepsRule(rule: ValueRule, value: unknown): boolean {
  switch (rule.type) {
    case 'string':
    case 'int64 digits':
      return typeof value === 'string' && value.length <= rule.maxLength && rule.pattern.test(value);
    case 'int64':
      // Written so that NaN fails.
      return typeof value === 'number' && value >= rule.min && value <= rule.max;
    case 'enum':
      return typeof value === 'string' && rule.values.includes(value);
    case 'bool':
      return typeof value === 'boolean';
    case 'share':
      return typeof value === 'number' && value > 0 && value < 1;
  }
}
