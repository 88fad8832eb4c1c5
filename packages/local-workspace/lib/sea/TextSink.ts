import type { ResultColumn } from '../engine/resultColumns';
import type { RowSink } from '../results/StreamBuilder';
import type { RowSlice } from '../results/RowSource';
import { valueText } from './valueText';

/** Rows as text: one JSON array of arrays, or CSV. */
export class TextSink implements RowSink {
  private readonly lines: string[] = [];
  rows = 0;
  byteLength = 0;

  /** `header`: whether the first line of CSV names the columns. */
  constructor(
    private readonly columns: readonly ResultColumn[],
    private readonly format: 'JSON_ARRAY' | 'CSV',
    header: boolean,
  ) {
    if (format === 'CSV' && header) this.add(csvLine(columns.map(({ name }) => name)));
  }

  append({ chunk, from, to }: RowSlice): void {
    const vectors = this.columns.map((_column, i) => chunk.getColumnVector(i));
    for (let row = from; row < to; row++) {
      const values = vectors.map((vector, i) => {
        const column = this.columns[i];
        return column ? valueText(vector.getItem(row), column.type) : null;
      });
      this.add(this.format === 'CSV' ? csvLine(values) : JSON.stringify(values));
    }
    this.rows += to - from;
  }

  private add(line: string): void {
    this.lines.push(line);
    this.byteLength += Buffer.byteLength(line) + 1;
  }

  finish(): Buffer {
    return Buffer.from(
      this.format === 'CSV' ? this.lines.map((line) => `${line}\r\n`).join('') : `[${this.lines.join(',')}]`,
    );
  }
}

function csvLine(values: readonly (string | null)[]): string {
  return values
    .map((value) => (value === null ? 'null' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',');
}
