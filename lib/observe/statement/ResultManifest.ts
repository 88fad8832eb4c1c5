import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { Statement } from '../../model/Statement';

/** A CloudFetch file that a statement was offered. */
export interface PendingDownload {
  readonly statement: Statement;
  /** Counted from 0 in manifest order. */
  readonly index: number;
  /** What the manifest says of it: address, rows, size, and until when it can be had. */
  readonly link: TSparkArrowResultLink;
}

/** A file that was given up, with the HTTP status that it was answered with, where it was. */
export interface FailedFile {
  readonly index: number;
  readonly httpStatus: number | undefined;
}

/** CloudFetch files of one statement in manifest order, and how far the reader is. */
export class ResultManifest {
  readonly files: PendingDownload[] = [];
  private readonly failed: FailedFile[] = [];
  private covered = 0;
  private reached = 0;

  /** Files that hold the first `rowCount` rows; a file that was downloaded ahead is not one. `rowCount` never shrinks. */
  readAt(rowCount: number): number {
    while (this.reached < this.files.length && this.covered < rowCount) {
      this.covered += this.files[this.reached]?.link.rowCount.toNumber(true) ?? 0;
      this.reached += 1;
    }
    return this.reached;
  }

  gaveUp(file: FailedFile): void {
    this.failed.push(file);
  }

  /** The failure that the reader meets next, once: it reads in manifest order, whatever the order in which files failed. */
  takeFailed(): FailedFile | undefined {
    this.failed.sort((one, other) => one.index - other.index);
    return this.failed.shift();
  }
}
