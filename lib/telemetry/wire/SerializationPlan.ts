import type { FieldRow, RecordKind, ValueRule } from '../../model/fields/fieldRow';
import { wireFields } from '../../model/fields/fieldTable';
import { BROKEN, fieldWriter, isQuoted, type FieldText } from './fieldWriter';
import { ending, inTreeOrder, joint } from './jsonTree';
import { StatementTemplates, type PlacedValue } from './StatementTemplate';
import type { ConnectionInfo, TelemetryRecord } from '../types';

interface PlannedField<Source> {
  readonly index: number;
  readonly rule: ValueRule;
  readonly read: (source: Source) => unknown;
  readonly write: (value: unknown) => FieldText;
}

/** Fields that are written together: neighbours that come from the connection, or one field of the record. */
type Step =
  | { readonly kind: 'run'; readonly run: number; readonly fields: PlannedField<ConnectionInfo>[] }
  | { readonly kind: 'field'; readonly field: PlannedField<TelemetryRecord> };

/** Where a field stands in the document, and what stands around its value. */
interface PlacedField {
  readonly path: readonly string[];
  readonly quote: string;
}

/** A run as one connection has it, from its first to its last field that has a value. */
interface Fragment {
  readonly json: string;
  readonly first: number;
  readonly last: number;
}

interface Constants {
  /** By run; undefined where the connection has none of the run's values. */
  readonly fragments: readonly (Fragment | undefined)[];
  readonly omitted: number;
  readonly templates: StatementTemplates;
}

/** JSON of one log and the number of values that were left out because they broke their rule. */
export interface SerializedLog {
  readonly json: string;
  readonly omitted: number;
}

/** The same as ASCII bytes. */
export interface EncodedBytes {
  /** Valid until the next log is encoded. */
  readonly bytes: Buffer | string;
  readonly omitted: number;
}

/**
 * How one kind of record becomes JSON, worked out once from the field table. Fields stand in the order of the document,
 * so what lies between two of them that have a value (quotes, closing, comma, opening, name) is one constant string:
 * two additions of strings for each field, which is where the time goes. Few of all pairs ever meet, so a string is made
 * when it is needed.
 */
export class SerializationPlan {
  private readonly steps: readonly Step[];
  private readonly fields: readonly PlacedField[];
  /** `joints[last + 1][next]`: the text between field `last` (-1: none yet) and field `next`, once it was asked for. */
  private readonly joints: string[][];
  /** `endings[last + 1]`: the text after field `last`, once it was asked for. */
  private readonly endings: string[] = [];
  private readonly quote: string;
  /** What stands around the whole log. */
  private readonly outside: string;
  private readonly constants = new WeakMap<ConnectionInfo, Constants>();

  /** With `quoted`, the log becomes a JSON string that holds its JSON. */
  constructor(kind: RecordKind, authenticated: boolean, quoted: boolean, describesConnection = false) {
    const rows = inTreeOrder(wireFields(kind, { authenticated, describesConnection }), (row) => row.path.split('.'));
    this.steps = toSteps(rows, kind, authenticated, quoted);
    this.quote = quoted ? '\\"' : '"';
    this.outside = quoted ? '"' : '';
    this.fields = rows.map(({ path, rule }) => ({ path: path.split('.'), quote: isQuoted(rule) ? this.quote : '' }));
    this.joints = [[], ...rows.map(() => [])];
  }

  write(record: TelemetryRecord, connection: ConnectionInfo | undefined): SerializedLog {
    return this.compose(record, connection === undefined ? undefined : this.constantsOf(connection));
  }

  /** `write` for records of which there are many alike: each looks how it was done for the last ones. */
  encode(record: TelemetryRecord, connection: ConnectionInfo | undefined): EncodedBytes {
    if (connection === undefined) return encoded(this.compose(record, undefined));
    const constants = this.constantsOf(connection);
    const { templates, omitted } = constants;
    const bytes = templates.bytesOf(record);
    if (bytes !== undefined) return { bytes, omitted };
    const placed: PlacedValue[] = [];
    const log = this.compose(record, constants, placed);
    // What was left out of this log is not to be left out of others.
    if (log.omitted === omitted) templates.learn(log.json, placed, record);
    return encoded(log);
  }

  /** Notes in `placed` where the values of the record stand. */
  private compose(record: TelemetryRecord, constants: Constants | undefined, placed?: PlacedValue[]): SerializedLog {
    let omitted = constants?.omitted ?? 0;
    let json = '';
    let last = -1;
    for (const step of this.steps) {
      if (step.kind === 'run') {
        const fragment = constants?.fragments[step.run];
        if (fragment === undefined) continue;
        json += this.between(last, fragment.first) + fragment.json;
        last = fragment.last;
      } else {
        const { field } = step;
        const text = field.write(field.read(record));
        if (text === BROKEN) {
          omitted += 1;
          continue;
        }
        if (text !== undefined) {
          json += this.between(last, field.index);
          last = field.index;
        }
        placed?.push({ field, at: json.length, text });
        json += text ?? '';
      }
    }
    return { json: json + this.after(last), omitted };
  }

  private between(last: number, next: number): string {
    // Both are indices of fields of this plan.
    const row = this.joints[last + 1] as string[];
    return (row[next] ??= this.joint(this.fields[last], this.fields[next] as PlacedField));
  }

  private joint(last: PlacedField | undefined, next: PlacedField): string {
    return (last?.quote ?? this.outside) + joint(last?.path, next.path, this.quote) + next.quote;
  }

  private after(last: number): string {
    const field = this.fields[last];
    return (this.endings[last + 1] ??= (field?.quote ?? this.outside) + ending(field?.path) + this.outside);
  }

  private constantsOf(connection: ConnectionInfo): Constants {
    let constants = this.constants.get(connection);
    if (constants === undefined) {
      constants = this.writeConstants(connection);
      this.constants.set(connection, constants);
    }
    return constants;
  }

  private writeConstants(connection: ConnectionInfo): Constants {
    let omitted = 0;
    const fragments: (Fragment | undefined)[] = [];
    for (const step of this.steps) {
      if (step.kind === 'field') continue;
      let fragment: Fragment | undefined;
      for (const { index, read, write } of step.fields) {
        const value = write(read(connection));
        if (value === BROKEN) omitted += 1;
        else if (value !== undefined) {
          fragment =
            fragment === undefined
              ? { json: value, first: index, last: index }
              : { ...fragment, json: fragment.json + this.between(fragment.last, index) + value, last: index };
        }
      }
      fragments[step.run] = fragment;
    }
    return { fragments, omitted, templates: new StatementTemplates() };
  }
}

function encoded({ json, omitted }: SerializedLog): EncodedBytes {
  return { bytes: json, omitted };
}

function toSteps(rows: readonly FieldRow[], kind: RecordKind, authenticated: boolean, quoted: boolean): Step[] {
  const steps: Step[] = [];
  let runs = 0;
  rows.forEach((row, index) => {
    const { source, rule } = row;
    const write = fieldWriter(rule, quoted);
    if (source.from === 'connection') {
      const field = { index, rule, write, read: source.read };
      const previous = steps.at(-1);
      if (previous?.kind === 'run') previous.fields.push(field);
      else steps.push({ kind: 'run', run: runs++, fields: [field] });
    } else if (source.from === 'record') {
      const readers = authenticated ? source.readers : (row.unauthenticatedReaders ?? source.readers);
      // The row belongs to records of this kind, and the plan gets no other.
      const read = readers[kind] as (record: TelemetryRecord) => unknown;
      steps.push({ kind: 'field', field: { index, rule, write, read } });
    }
  });
  return steps;
}
