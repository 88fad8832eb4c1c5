import type { TFetchResultsResp, TRowSet, TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { ExecutionResult } from '../../model/enums';

const { TSparkRowSetType } = TCLIService_types;

/** What one page of a result holds, counted without touching a row. */
export interface PageShape {
  readonly rows: number;
  readonly bytes: number;
  readonly links: readonly TSparkArrowResultLink[];
  readonly hasMoreRows: boolean;
}

const NO_LINKS: readonly TSparkArrowResultLink[] = [];

/** A page with nothing in it. */
export const NO_PAGE: PageShape = { rows: 0, bytes: 0, links: NO_LINKS, hasMoreRows: false };

/** The telemetry service's name for the format a result is read in; undefined for one it has no name for. */
export function executionResultOf(resultFormat: number | undefined): ExecutionResult | undefined {
  switch (resultFormat) {
    case TSparkRowSetType.ARROW_BASED_SET:
      return 'INLINE_ARROW';
    case TSparkRowSetType.COLUMN_BASED_SET:
      return 'COLUMNAR_INLINE';
    case TSparkRowSetType.URL_BASED_SET:
      return 'EXTERNAL_LINKS';
    default:
      return undefined;
  }
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

/** Reads the shape of a page. Costs one step per batch or link, none per row. */
export function pageShapeOf(response: TFetchResultsResp): PageShape {
  const { results } = response;
  const hasMoreRows = response.hasMoreRows === true;
  if (results === undefined || results === null) return { rows: 0, bytes: 0, links: NO_LINKS, hasMoreRows };
  const { arrowBatches, resultLinks } = results;
  if (resultLinks !== undefined && resultLinks !== null && resultLinks.length > 0) {
    let rows = 0;
    for (const link of resultLinks) rows += link.rowCount.toNumber(true);
    return { rows, bytes: 0, links: resultLinks, hasMoreRows };
  }
  if (arrowBatches !== undefined && arrowBatches !== null && arrowBatches.length > 0) {
    let rows = 0;
    let bytes = 0;
    for (const { batch, rowCount } of arrowBatches) {
      rows += rowCount.toNumber(true);
      bytes += batch.length;
    }
    return { rows, bytes, links: NO_LINKS, hasMoreRows };
  }
  return { rows: columnRows(results), bytes: results.binaryColumns?.length ?? 0, links: NO_LINKS, hasMoreRows };
}
