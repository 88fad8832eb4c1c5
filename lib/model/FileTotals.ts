/**
 * CloudFetch files of one statement; most statements have none. Times in milliseconds. Fields that hold nothing but
 * numbers are written in place: one that may be undefined would get a new 16-byte number with each file.
 */
export class FileTotals {
  /** Files that the manifest names. */
  present: number | undefined;
  /** Files of whose rows the application got some; undefined while nobody says. */
  read: number | undefined;
  downloaded = 0;
  /** Files that were given up; of those, whose link had expired by then. */
  failed = 0;
  expired = 0;
  /** Files that took more than one attempt, whatever became of them. */
  retried = 0;
  firstFailed: number | undefined;
  private initial = 0;
  private slowest = 0;
  private sum = 0;

  get initialMs(): number | undefined {
    return this.downloaded > 0 ? this.initial : undefined;
  }

  get slowestMs(): number | undefined {
    return this.downloaded > 0 ? this.slowest : undefined;
  }

  get sumMs(): number | undefined {
    return this.downloaded > 0 ? this.sum : undefined;
  }

  /** Files that the reader got: those that were downloaded, where nobody says what was read. */
  get iterated(): number {
    return this.read ?? this.downloaded;
  }

  /** Files that were downloaded and that nobody read; undefined where nobody says. */
  get unread(): number | undefined {
    return this.read === undefined ? undefined : Math.max(0, this.downloaded - this.read);
  }

  addDownload(latencyMs: number): void {
    if (this.downloaded === 0) this.initial = latencyMs;
    if (latencyMs > this.slowest) this.slowest = latencyMs;
    this.downloaded += 1;
    this.sum += latencyMs;
  }

  addFailure(index: number, hasExpired: boolean): void {
    this.firstFailed ??= index;
    this.failed += 1;
    if (hasExpired) this.expired += 1;
  }
}
