/** How far the distribution of one side of a table is from the other's. */
export interface Contrast {
  /** Kullback-Leibler divergence of the selection from the rest, in bits. */
  readonly bits: number;
  /** Chance of a difference at least as large (G-test). */
  readonly pValue: number;
}

export interface TableRow {
  readonly selected: number;
  readonly rest: number;
}

/** Half a statement is added to each count of the rest, so that a value that only the selection has stays finite. */
export function valueBits(row: TableRow, selected: number, rest: number, rows: number): number {
  const pa = row.selected / Math.max(1, selected);
  const pb = (row.rest + 0.5) / (rest + 0.5 * rows);
  return pa === 0 ? 0 : pa * Math.log2(pa / pb);
}

export function contrast(rows: readonly TableRow[]): Contrast {
  const selected = rows.reduce((sum, row) => sum + row.selected, 0);
  const rest = rows.reduce((sum, row) => sum + row.rest, 0);
  const bits = Math.max(
    0,
    rows.reduce((sum, row) => sum + valueBits(row, selected, rest, rows.length), 0),
  );
  const all = selected + rest;
  let g = 0;
  for (const row of rows) {
    const share = (row.selected + row.rest) / all;
    if (row.selected > 0) g += 2 * row.selected * Math.log(row.selected / (selected * share));
    if (row.rest > 0) g += 2 * row.rest * Math.log(row.rest / (rest * share));
  }
  return { bits, pValue: selected === 0 || rest === 0 ? 1 : chiSquareTail(g, Math.max(1, rows.length - 1)) };
}

/** P(X >= x) of chi-square with `k` degrees of freedom (Wilson and Hilferty's approximation). */
function chiSquareTail(x: number, k: number): number {
  if (x <= 0) return 1;
  const z = (Math.cbrt(x / k) - (1 - 2 / (9 * k))) / Math.sqrt(2 / (9 * k));
  return normalTail(z);
}

/** P(Z >= z), by Abramowitz and Stegun 7.1.26. */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-x * x);
  return z >= 0 ? tail : 1 - tail;
}

/** Holm's correction: p-values as they stand when this many questions were asked. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(pValues.length).fill(1);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, p * (pValues.length - rank)));
    corrected[index] = floor;
  });
  return corrected;
}
