import type { FieldRow, LogForm, RecordKind } from '../../model/fields/fieldRow';
import { wireFields } from '../../model/fields/fieldTable';
import type { ConnectionInfo } from '../../model/connection';
import type { TelemetryRecord } from '../../model/records';
import type { Facts } from '../../util/foreign';
import type { Column } from './Column';
import { ending, inTreeOrder, joint } from './jsonTree';

/**
 * The fields of one kind of record in the order of its document, worked out once from the field table. What lies between
 * two of them that have a value (quotes, closing, comma, opening, name) is one constant string. Few of all pairs ever
 * meet, so a string is made when it is needed.
 *
 * The log is a JSON string that holds JSON, as it stands in `protoLogs`; with `isQuoted` false it is the JSON itself.
 */
export class LogLayout {
  readonly columns: readonly Column[];
  /** `joints[last + 1][next]`: the text between column `last` (-1: none yet) and column `next`. */
  private readonly joints: string[][] = [];
  private readonly endings: string[] = [];
  private readonly quote: string;
  private readonly outside: string;

  constructor(kind: RecordKind, form: LogForm, describesConnection: boolean, isQuoted: boolean) {
    const authenticated = form !== 'unauthenticated';
    const rows = wireFields(kind, { authenticated, local: form === 'local', describesConnection });
    this.columns = inTreeOrder(rows, (row) => row.path.split('.')).map((row) => columnOf(row, kind, authenticated));
    this.quote = isQuoted ? '\\"' : '"';
    this.outside = isQuoted ? '"' : '';
  }

  /** The text between the value of column `last` and that of column `next`. */
  between(last: number, next: number): string {
    const row = (this.joints[last + 1] ??= []);
    return (row[next] ??= this.joint(this.columns[last], this.columns[next]));
  }

  /** The text after the value of column `last`. */
  after(last: number): string {
    const column = this.columns[last];
    return (this.endings[last + 1] ??= this.quoteOf(column) + ending(column?.path) + this.outside);
  }

  /** `text` as it stands between the quotes of a value. */
  escape(text: string): string {
    const json = JSON.stringify(text).slice(1, -1);
    return this.outside === '' ? json : JSON.stringify(json).slice(1, -1);
  }

  private joint(last: Column | undefined, next: Column | undefined): string {
    return this.quoteOf(last) + joint(last?.path, next?.path ?? [], this.quote) + this.quoteOf(next);
  }

  private quoteOf(column: Column | undefined): string {
    if (column === undefined) return this.outside;
    return column.rule.type === 'string' || column.rule.type === 'enum' ? this.quote : '';
  }
}

function columnOf(
  { path, rule, source, unauthenticatedAt }: FieldRow,
  kind: RecordKind,
  isAuthenticated: boolean,
): Column {
  const common = { path: path.split('.'), rule };
  if (source.from === 'nowhere') throw new Error(`${path} is not sent`);
  if (source.from === 'constant') {
    return { ...common, holder: undefined, name: '', isOfConnection: true, derive: () => source.value };
  }
  if (source.from === 'connection') {
    return { ...common, ...namesOf(source.at), isOfConnection: true, derive: undefined };
  }
  const place = (isAuthenticated ? source.at : (unauthenticatedAt ?? source.at))[kind];
  if (place === undefined) throw new Error(`${path} is not of a ${kind}`);
  if (typeof place === 'string') return { ...common, ...namesOf(place), isOfConnection: false, derive: undefined };
  // The row belongs to records of this kind, and the layout gets no other.
  const derive = place as (record: TelemetryRecord) => unknown;
  return { ...common, holder: undefined, name: '', isOfConnection: false, derive };
}

/** `files.present` → the holder and the name in it. */
function namesOf(place: string): Pick<Column, 'holder' | 'name'> {
  const [first = '', second] = place.split('.');
  return second === undefined ? { holder: undefined, name: first } : { holder: first, name: second };
}

/** The value of a column, of what the record and its connection have. */
export function valueOf(column: Column, record: TelemetryRecord, connection: ConnectionInfo | undefined): unknown {
  if (column.derive !== undefined) return column.derive(record);
  const source = (column.isOfConnection ? connection : record) as Facts | undefined;
  if (column.holder === undefined) return source?.[column.name];
  return (source?.[column.holder] as Facts | undefined)?.[column.name];
}
