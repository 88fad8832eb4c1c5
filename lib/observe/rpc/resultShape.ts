import type { TRowSet } from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { ExecutionResult } from '../../model/enums';
import type { Statement } from '../../model/Statement';

const { TSparkRowSetType } = TCLIService_types;

/** The telemetry service's name for each format that a result is read in; others have none. */
export const EXECUTION_RESULTS: Readonly<Record<number, ExecutionResult>> = {
  [TSparkRowSetType.ARROW_BASED_SET]: 'INLINE_ARROW',
  [TSparkRowSetType.COLUMN_BASED_SET]: 'COLUMNAR_INLINE',
  [TSparkRowSetType.URL_BASED_SET]: 'EXTERNAL_LINKS',
};

/** Adds the rows and bytes of one page. Costs one step per batch or file, none per row. */
export function readPage(results: TRowSet, totals: Pick<Statement, 'rowsAvailable' | 'byteCount'>): void {
  const { arrowBatches, resultLinks } = results;
  if (resultLinks !== undefined && resultLinks !== null && resultLinks.length > 0) {
    for (const link of resultLinks) totals.rowsAvailable += link.rowCount.toNumber(true);
    return;
  }
  if (arrowBatches !== undefined && arrowBatches !== null && arrowBatches.length > 0) {
    for (const { batch, rowCount } of arrowBatches) {
      totals.rowsAvailable += rowCount.toNumber(true);
      totals.byteCount += batch.length;
    }
    return;
  }
  totals.rowsAvailable += columnRows(results);
  totals.byteCount += results.binaryColumns?.length ?? 0;
}

/** Rows of a column-based page: the length of its first column. */
function columnRows(results: TRowSet): number {
  const column = results.columns?.[0];
  if (column === undefined) return 0;
  for (const typed of Object.values(column) as ReadonlyArray<{ values?: readonly unknown[] } | undefined | null>) {
    if (typed?.values !== undefined) return typed.values.length;
  }
  return 0;
}
