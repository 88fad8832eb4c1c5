import { addedOf, percentOf, type Added, type Interval, type Processes } from './added';
import type { Rounds, SubjectName } from './measure';
import { ratioOf, spreadOf, type Ratio, type Spread } from './spread';

export type Unit = 'ns' | 'µs' | 'ms' | 'bytes' | 'MiB' | '%' | '×' | 'holds';

/** What one case came to. */
export interface Result {
  /** Stable name, by which `budgets.json` refers to it. */
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  readonly values: Partial<Record<SubjectName, Spread>>;
  /** The number of `comparedWith` divided by that of `subject`, round by round. */
  readonly ratio?: Ratio;
  readonly subject: SubjectName;
  readonly comparedWith?: SubjectName;
  readonly note?: string;
  /** For a fact instead of a number: whether it holds. */
  readonly holds?: boolean;
  /** Where all subjects were clients of one process that took turns: what each takes beyond the plain driver. */
  readonly added?: Added;
}

interface ResultOptions {
  /** Whose case it is; default `ours`. */
  readonly subject?: SubjectName;
  readonly comparedWith?: SubjectName;
  readonly note?: string;
}

export function resultOf(id: string, label: string, unit: Unit, rounds: Rounds, options: ResultOptions = {}): Result {
  const { subject = 'ours', comparedWith = 'official', note } = options;
  const names = Object.keys(rounds) as SubjectName[];
  const [compared = [], own = []] = [rounds[comparedWith], rounds[subject]];
  // A number around zero has no ratio, and neither have numbers that were not measured side by side.
  const hasRatio = compared.length > 0 && compared.length === own.length && spreadOf(own).median > 0;
  return {
    id,
    label,
    unit,
    subject,
    values: Object.fromEntries(names.map((name) => [name, spreadOf(rounds[name] ?? [])])),
    ...(hasRatio ? { ratio: ratioOf(compared, own), comparedWith } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** A case whose subjects took turns in one process, `processes` times over. */
export function addedResult(id: string, label: string, unit: Unit, processes: Processes, subject: SubjectName): Result {
  return { id, label, unit, values: {}, subject, added: addedOf(processes) };
}

/** Something that must be so, whatever the machine. */
export function factOf(id: string, label: string, holds: boolean): Result {
  return { id, label, unit: 'holds', values: {}, subject: 'ours', holds };
}

export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(2);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(size >= 1 ? 2 : 3);
}

function cell(spread: Spread | undefined): string {
  if (spread === undefined || spread.count === 0) return '';
  const { median, low, high, count } = spread;
  return count > 1 ? `${numberText(median)} (${numberText(low)}–${numberText(high)})` : numberText(median);
}

const NAMES: Readonly<Record<SubjectName, string>> = {
  ours: 'this library',
  subscribed: 'this library and a subscriber',
  traced: 'this library and traceStatements',
  disabled: 'switched off',
  official: 'official',
  plain: 'plain driver',
  again: 'plain driver again',
  floor: 'bare request',
  opentelemetry: 'OpenTelemetry',
  uncompressed: 'uncompressed',
};

export const HEADINGS = ['case', 'unit', 'ours', 'official', 'plain driver', 'OpenTelemetry', 'ratio', 'to'];

/** A result as the cells of one row under `HEADINGS`. */
export function cells({ label, unit, values, ratio, subject, comparedWith, holds }: Result): string[] {
  const decimals = comparedWith === 'plain' || comparedWith === 'again' ? 3 : 2;
  const text = (value: number): string => (value < 10 ? value.toFixed(decimals) : numberText(value));
  return [
    label,
    holds === undefined ? unit : '',
    holds === undefined ? cell(values[subject]) : holds ? 'yes' : 'NO',
    cell(values.official),
    cell(values.plain),
    cell(values.opentelemetry),
    ratio === undefined ? '' : `${text(ratio.median)}× (${text(ratio.atLeast)}–${text(ratio.atMost)})`,
    comparedWith === undefined ? '' : NAMES[comparedWith],
  ];
}

export const ADDED_HEADINGS = [
  'case',
  'unit',
  'plain driver',
  'again',
  'bare request',
  'official',
  'ours',
  'ours ÷ official',
];

function intervalText({ value, low, high }: Interval, digits: (value: number) => string): string {
  return `${digits(value)} (${digits(low)} to ${digits(high)})`;
}

/** A result whose subjects took turns, as the cells of one row under `ADDED_HEADINGS`. */
export function addedCells({ label, unit, subject, added }: Result): string[] {
  const { plain = NaN, subjects = {}, toOfficial } = added ?? {};
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
  const text = (name: SubjectName): string => {
    const interval = subjects[name];
    if (interval === undefined) return '';
    const absolute = `${interval.value < 0 ? '−' : '+'}${numberText(Math.abs(interval.value))}`;
    return `${absolute}: ${intervalText(percentOf(interval, plain), signed)} %`;
  };
  const isOurs = subject === 'ours';
  return [
    label,
    unit,
    numberText(plain),
    text('again'),
    isOurs ? text('floor') : '',
    isOurs ? text('official') : '',
    text(subject),
    isOurs && toOfficial !== undefined ? `${intervalText(toOfficial, (value) => value.toFixed(2))}×` : '',
  ];
}

/** Results as one table, or as two where some of their subjects took turns in one process. */
export function tablesOf(results: readonly Result[]): string {
  const [turns, others] = [true, false].map((isAdded) =>
    results.filter(({ added }) => (added !== undefined) === isAdded),
  );
  return [
    ...(others?.length ? [table([HEADINGS, ...others.map(cells)])] : []),
    ...(turns?.length ? [table([ADDED_HEADINGS, ...turns.map(addedCells)])] : []),
  ].join('\n\n');
}

/** Rows of cells with aligned columns. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
