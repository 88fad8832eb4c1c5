import type { Statement } from '../../model/Statement';

/** A CloudFetch file that a statement was offered. */
export interface PendingDownload {
  readonly statement: Statement;
  /** Counted from 0 in manifest order. */
  readonly index: number;
  readonly url: string;
  readonly rows: number;
  /** Size that the manifest gives. */
  readonly sizeBytes: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** CloudFetch files of one statement in manifest order, and how far the reader is. */
export class ResultManifest {
  readonly files: PendingDownload[] = [];
  private covered = 0;
  private reached = 0;

  /** Files that hold the first `rowCount` rows; a file that was downloaded ahead is not one. `rowCount` never shrinks. */
  readAt(rowCount: number): number {
    while (this.reached < this.files.length && this.covered < rowCount) {
      this.covered += this.files[this.reached]?.rows ?? 0;
      this.reached += 1;
    }
    return this.reached;
  }
}
