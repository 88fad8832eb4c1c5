import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';

/** CloudFetch files of one statement in manifest order, and how far the reader is. */
export class OfferedFiles {
  /** Key of each file among those on offer. */
  readonly urls: string[] = [];
  private readonly rows: number[] = [];
  private covered = 0;
  private reached = 0;

  offer(links: readonly TSparkArrowResultLink[]): void {
    for (const link of links) this.rows.push(link.rowCount.toNumber(true));
  }

  get count(): number {
    return this.rows.length;
  }

  /** Files that hold the first `rowCount` rows; a file that was downloaded ahead is not one. `rowCount` never shrinks. */
  readAt(rowCount: number): number {
    while (this.reached < this.rows.length && this.covered < rowCount) {
      this.covered += this.rows[this.reached] ?? 0;
      this.reached += 1;
    }
    return this.reached;
  }
}
