/* telemetry/wire/: records as the service takes them, by the field table alone. */
import { randomUUID } from 'node:crypto';
import type { ConnectionInfo } from '../../model/connection';
import type { LogForm, RecordKind, ValueRule } from '../../model/fields/fieldRow';
import { keepsRule } from '../../model/fields/fieldTable';
import { isFailedConnect, type TelemetryRecord } from '../../model/records';
import type { Statement } from '../../model/Statement';
import { LogLayout, valueOf } from './LogLayout';
import { StatementTemplates, type PlacedValue } from './StatementTemplate';

/** Counts values that were left out because they broke the rule of their field, once for each record. */
export interface Omissions {
  omitted: number;
}

interface Composed {
  readonly json: string;
  /** Values of the connection and of the record that broke their rule. */
  readonly omittedOfConnection: number;
  readonly omittedOfRecord: number;
}

/** What is the same for all statements of one connection. */
interface KnownConnection {
  readonly templates: StatementTemplates;
  /** Values of the connection itself that broke their rule. */
  readonly omitted: number;
}

type LayoutName = RecordKind | 'failedConnect';

/** Derived from the field table alone; each is made when it is needed. */
const layouts = new Map<string, LogLayout>();

function layoutFor(name: LayoutName, form: LogForm, isQuoted: boolean): LogLayout {
  const key = `${name} ${form} ${isQuoted}`;
  let layout = layouts.get(key);
  if (layout === undefined) {
    const kind = name === 'failedConnect' ? 'error' : name;
    layout = new LogLayout(kind, form, name === 'failedConnect', isQuoted);
    layouts.set(key, layout);
  }
  return layout;
}

/**
 * Records as the telemetry service takes them: JSON of the fields that the field table allows. A value that breaks its
 * rule is left out and counted. Gives a record its event id if it has none yet.
 */
export class RecordEncoder {
  private readonly connections = new WeakMap<ConnectionInfo, KnownConnection>();

  constructor(private readonly form: LogForm) {}

  /**
   * A log as it stands in `protoLogs`: JSON of a string that holds the log. ASCII text, or bytes that are valid until the
   * next call. Undefined for a record that cannot be put into words, for instance because a getter of it throws.
   */
  encode(record: TelemetryRecord, omissions: Omissions): string | Uint8Array | undefined {
    try {
      if (record.kind === 'spooled') return JSON.stringify(this.write(record));
      const isFirstTime = record.eventId === undefined;
      record.eventId ??= randomUUID();
      if (record.kind === 'statement' && record.connection !== undefined) {
        return this.encodeStatement(record, record.connection, isFirstTime ? omissions : undefined);
      }
      const { json, omittedOfConnection, omittedOfRecord } = this.compose(record, true);
      if (isFirstTime) omissions.omitted += omittedOfConnection + omittedOfRecord;
      return json;
    } catch {
      return undefined;
    }
  }

  /** The JSON of one log itself. */
  write(record: TelemetryRecord): string {
    if (record.kind === 'spooled') return this.form === 'local' ? (record.localLog ?? record.log) : record.log;
    record.eventId ??= randomUUID();
    return this.compose(record, false).json;
  }

  /** `compose` for records of which there are many alike: reuses the layout of the previous logs. */
  private encodeStatement(
    statement: Statement,
    connection: ConnectionInfo,
    omissions: Omissions | undefined,
  ): string | Uint8Array {
    let known = this.connections.get(connection);
    const bytes = known?.templates.bytesOf(statement);
    if (known !== undefined && bytes !== undefined) {
      if (omissions !== undefined) omissions.omitted += known.omitted;
      return bytes;
    }
    const placed: PlacedValue[] = [];
    const { json, omittedOfConnection, omittedOfRecord } = this.compose(statement, true, placed);
    if (omissions !== undefined) omissions.omitted += omittedOfConnection + omittedOfRecord;
    if (known === undefined) {
      known = { templates: new StatementTemplates(), omitted: omittedOfConnection };
      this.connections.set(connection, known);
    }
    // What was left out of this log is not to be left out of others.
    if (omittedOfRecord === 0) known.templates.learn(json, placed, statement);
    return json;
  }

  /** Notes in `placed` where the values of the record stand. */
  private compose(
    record: Exclude<TelemetryRecord, { kind: 'spooled' }>,
    isQuoted: boolean,
    placed?: PlacedValue[],
  ): Composed {
    const layout = layoutFor(isFailedConnect(record) ? 'failedConnect' : record.kind, this.form, isQuoted);
    const { columns } = layout;
    let json = '';
    let last = -1;
    const omitted = { connection: 0, record: 0 };
    for (const [index, column] of columns.entries()) {
      const value = valueOf(column, record, record.connection);
      let text: string | undefined;
      if (value !== undefined && value !== null) {
        text = textOf(column.rule, value);
        if (text === undefined) {
          omitted[column.isOfConnection ? 'connection' : 'record'] += 1;
          continue;
        }
        if (column.rule.type === 'string' && column.rule.escaped) text = layout.escape(text);
        json += layout.between(last, index);
        last = index;
      }
      if (!column.isOfConnection) placed?.push({ column, at: json.length, text });
      json += text ?? '';
    }
    return {
      json: json + layout.after(last),
      omittedOfConnection: omitted.connection,
      omittedOfRecord: omitted.record,
    };
  }
}

/** A value as JSON without its quotes; undefined when it breaks its rule. */
function textOf(rule: ValueRule, value: unknown): string | undefined {
  if (!keepsRule(rule, value)) return undefined;
  return rule.type === 'int64' ? `${Math.round(value as number)}` : `${value as string | number | boolean}`;
}
