import { ratioOf, spreadOf, type Spread } from './spread';
import type { Rounds, SubjectName } from './measure';

export type Unit = 'ns' | 'µs' | 'ms' | 'bytes' | '%' | 'requests/s' | '×';

/** What one case came to. */
export interface Result {
  /** Stable name, by which `budgets.json` refers to it. */
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  readonly values: Partial<Record<SubjectName, Spread>>;
  /** The compared subject's number divided by ours, round by round. */
  readonly ratio?: Spread;
  readonly comparedWith?: SubjectName;
  readonly note?: string;
}

export function resultOf(
  id: string,
  label: string,
  unit: Unit,
  rounds: Rounds,
  options: { readonly comparedWith?: SubjectName; readonly note?: string; readonly scale?: number } = {},
): Result {
  const { comparedWith = 'official', note, scale = 1 } = options;
  const names = Object.keys(rounds) as SubjectName[];
  const compared = rounds[comparedWith];
  return {
    id,
    label,
    unit,
    values: Object.fromEntries(
      names.map((name) => [name, spreadOf((rounds[name] ?? []).map((value) => value * scale))]),
    ),
    // A number around zero has no ratio.
    ...(compared === undefined || spreadOf(rounds.ours).median <= 0
      ? {}
      : { ratio: ratioOf(compared, rounds.ours), comparedWith }),
    ...(note === undefined ? {} : { note }),
  };
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
  if (spread === undefined) return '';
  const { median, low, high, count } = spread;
  return count > 1 ? `${numberText(median)} (${numberText(low)}–${numberText(high)})` : numberText(median);
}

export const HEADINGS = ['case', 'unit', 'ours', 'official', 'plain driver', 'OpenTelemetry', 'ratio'];

/** A result as the cells of one row under `HEADINGS`. */
export function cells(result: Result): string[] {
  const { label, unit, values, ratio } = result;
  return [
    label,
    unit,
    cell(values.ours),
    cell(values.official),
    cell(values.plain),
    cell(values.opentelemetry),
    ratio === undefined ? '' : `${numberText(ratio.median)}× (${numberText(ratio.low)}–${numberText(ratio.high)})`,
  ];
}

/** Rows of cells with aligned columns. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
