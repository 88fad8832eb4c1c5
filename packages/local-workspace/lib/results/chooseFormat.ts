import { DuckDBTypeId } from '@duckdb/node-api';
import type { ExecutionResult } from '../engine/Execution';
import type { ResultColumn } from '../engine/resultColumns';
import type { ResolvedCloudFetch } from '../options';
import type { NativeTypes } from './arrowTypes';
import type { ResultFormatChoice } from './ResultReader';
import type { RowSource } from './RowSource';

/** What the client said that it can take, at the agreed protocol version. */
export interface ClientAbilities {
  arrow: boolean;
  download: boolean;
  lz4: boolean;
  native: NativeTypes;
}

/** Small results come inline; a result whose size is not known yet is a large one. */
export function chooseFormat(
  result: ExecutionResult,
  abilities: ClientAbilities,
  cloudFetch: ResolvedCloudFetch,
): ResultFormatChoice {
  const { native } = abilities;
  if (!abilities.arrow || result.isStaging || result.columns.length === 0) {
    return { format: 'columnar', lz4: false, native };
  }
  if (abilities.download && result.rows && isLarge(result.columns, result.rows, cloudFetch.thresholdBytes)) {
    const lz4 = cloudFetch.lz4 === 'as-asked' ? abilities.lz4 : cloudFetch.lz4 === 'always';
    return { format: 'cloudfetch', lz4, native };
  }
  return { format: 'inline-arrow', lz4: abilities.lz4, native };
}

/** Whether a result is (or, not yet read to its end, may be) larger than that. */
export function isLarge(columns: readonly ResultColumn[], rows: RowSource, thresholdBytes: number): boolean {
  if (!rows.drained) return true;
  const sample = rows.peek()[0];
  if (!sample) return false;
  const rowBytes = columns.reduce((sum, column, i) => {
    const width = WIDTHS[column.source];
    if (width !== undefined) return sum + width;
    const values = sample.getColumnValues(i).slice(0, 100);
    const bytes = values.reduce<number>((total, value) => total + (value === null ? 0 : String(value).length), 0);
    return sum + 4 + bytes / Math.max(1, values.length);
  }, 0);
  return rowBytes * rows.available >= thresholdBytes;
}

const WIDTHS: Readonly<Record<number, number>> = {
  [DuckDBTypeId.BOOLEAN]: 0.125,
  [DuckDBTypeId.TINYINT]: 1,
  [DuckDBTypeId.SMALLINT]: 2,
  [DuckDBTypeId.INTEGER]: 4,
  [DuckDBTypeId.BIGINT]: 8,
  [DuckDBTypeId.FLOAT]: 4,
  [DuckDBTypeId.DOUBLE]: 8,
  [DuckDBTypeId.DATE]: 4,
  [DuckDBTypeId.TIMESTAMP]: 8,
  [DuckDBTypeId.TIMESTAMP_TZ]: 8,
  [DuckDBTypeId.DECIMAL]: 16,
};
