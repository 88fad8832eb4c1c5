import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { ErrorFacts } from '../../model/errorFacts';
import { toErrorFacts } from '../../model/toErrorFacts';
import { FileTotals, type Statement } from '../../model/Statement';
import type { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type { Clock } from '../../util/clock';
import type { Audience } from '../connection/Audience';
import { isOfRequest, type FailureState } from './FailureState';
import { PendingDownloads, type Attempts } from './PendingDownloads';
import type { FailedFile, PendingDownload } from './ResultManifest';
import { retried } from './progress';

/** What becomes of the CloudFetch files of the statements of one connection. */
export class FileObserver {
  readonly downloads = new PendingDownloads();

  constructor(
    private readonly emitter: TelemetryEventEmitter,
    private readonly audience: Audience,
    private readonly clock: Clock,
  ) {}

  /** The server offered files, in manifest order. */
  offered(statement: Statement, links: readonly TSparkArrowResultLink[]): void {
    const files = (statement.files ??= new FileTotals());
    files.present = this.downloads.offer(statement, links).files.length;
    files.unread = files.downloaded - files.iterated;
  }

  /** The application got more rows: the reader is this far in the manifest. */
  read(statement: Statement, files: FileTotals): void {
    files.iterated = this.downloads.manifestOf(statement)?.readAt(statement.rowCount) ?? files.iterated;
    files.unread = Math.max(0, files.downloaded - files.iterated);
  }

  /** A file arrived in its last attempt, which took `latencyMs`. */
  downloaded(
    { statement, index }: Pick<PendingDownload, 'statement' | 'index'>,
    latencyMs: number,
    bytes: number,
    attempts: Attempts,
  ): void {
    const { files } = statement;
    if (statement.outcome !== undefined || files === undefined) return;
    if (attempts.count > 1) this.retried(statement, files, attempts);
    files.downloaded += 1;
    files.unread = Math.max(0, files.downloaded - files.iterated);
    files.firstMs ??= latencyMs;
    files.slowestMs = Math.max(files.slowestMs ?? 0, latencyMs);
    files.sumMs = (files.sumMs ?? 0) + latencyMs;
    statement.byteCount += bytes;
    this.audience.receivers?.fileEnded({
      statement,
      index,
      latencyMs,
      bytes,
      attempts: attempts.count,
      error: undefined,
    });
    if (!this.emitter.hasAudience) return;
    const { sessionId, statementId, compressed, connection, isLocal } = statement;
    this.emitter.emitCloudFetchChunk({
      connection,
      sessionId,
      statementId,
      chunkIndex: index,
      latencyMs,
      bytes,
      compressed,
      statement,
      isLocal,
    });
  }

  /** A file was given up, for what is known of it by `error`. */
  failed(file: PendingDownload, attempts: Attempts, error: ErrorFacts): void {
    const { statement, index } = file;
    const { files } = statement;
    if (statement.outcome !== undefined || files === undefined) return;
    if (attempts.count > 1) this.retried(statement, files, attempts);
    if (files.firstFailed === undefined) {
      files.firstFailed = index;
      files.firstFailedStatus = error.httpStatus;
    }
    this.downloads.manifestOf(statement)?.gaveUp({ index, httpStatus: error.httpStatus });
    files.failed += 1;
    if (this.hasExpired(file)) files.expired += 1;
    const { count } = attempts;
    const facts = { ...error, chunkId: index };
    this.audience.receivers?.fileEnded({
      statement,
      index,
      latencyMs: undefined,
      bytes: undefined,
      attempts: count,
      error: facts,
    });
  }

  /**
   * The file whose failure is what a fetch threw: by the thrown object, or because the file that the reader waits for cannot
   * be had any more. The driver does not ask for a file whose link has expired.
   */
  failureOf(statement: Statement, thrown: unknown, known: FailureState | undefined): FailedFile | undefined {
    if (statement.files === undefined || statement.outcome !== undefined || thrown === known?.lastThrown)
      return undefined;
    const failure = this.downloads.failureOf(thrown);
    if (failure === undefined && (known?.serverFailure !== undefined || isOfRequest(thrown))) return undefined;
    if (failure?.isReported !== true) this.nextFailed(statement, failure, thrown);
    return this.downloads.manifestOf(statement)?.takeFailed();
  }

  /** The file that the reader waits for cannot be had: by what a fetch threw, or because its link has expired. */
  private nextFailed(statement: Statement, failure: Attempts | undefined, thrown: unknown): void {
    const next = this.downloads.next(statement);
    if (next === undefined || (failure === undefined && !this.hasExpired(next))) return;
    this.failed(next, failure ?? { count: 1, causes: undefined }, toErrorFacts(thrown));
  }

  private hasExpired({ link }: PendingDownload): boolean {
    return link.expiryTime.toNumber(true) <= this.clock.epochMs();
  }

  private retried(statement: Statement, files: FileTotals, { count, causes }: Attempts): void {
    files.retried += 1;
    retried(statement, count - 1, causes);
    this.audience.receivers?.retried(statement, count - 1, causes);
  }
}
