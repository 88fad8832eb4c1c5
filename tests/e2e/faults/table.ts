import type { Row } from './harness';
import { WORKS } from './work';

const STEPS = ['connect', ...WORKS, 'close'] as const;

/** The matrix as text: one line per fault, times in milliseconds. */
export function printTable(rows: ReadonlyMap<string, Row>): string {
  const lines = [...rows].map(([name, row]) => [
    name,
    ...STEPS.map((step) => row.run[step].ms.toFixed(0)),
    ...counts(row),
  ]);
  const table = [['fault', ...STEPS.map((step) => `${step} ms`), 'arrived', 'accounts'], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number): string =>
    column === 0 || column > STEPS.length ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return table.map((line) => `      ${line.map(pad).join('  ').trimEnd()}`).join('\n');
}

/** Arrivals, and the accounts that are not empty. */
function counts({ stats, arrived }: Row): [string, string] {
  if (stats === undefined) return ['-', '-'];
  const { collected, delivered, rejected, dropped } = stats;
  const parts = Object.entries({ delivered, rejected, ...dropped }).filter(([, count]) => count > 0);
  return [
    String(arrived),
    [`${collected} collected =`, parts.map(([name, count]) => `${count} ${name}`).join(' + ')].join(' '),
  ];
}
