import type { ConnectionInfo } from '../../model/connection';
import type { CloudFetchChunkEvent, ErrorEvent, StatementCompleteEvent, StatementStartEvent } from '../../model/events';
import { FileTotals, Statement, levelOf } from '../../model/Statement';
import type { Clock } from '../../util/clock';
import type { Pipeline } from './Pipeline';
import { RecentIds } from './RecentIds';

/** Ids of ended statements that are remembered, so that what arrives late starts no second row. */
const REMEMBERED_IDS = 4096;

/** Statements that may be known beside those in flight before the ones that were given up are looked for. */
const MAX_STALE = 64;

interface NamedStatement {
  readonly statement: Statement;
  /** CloudFetch files that were counted; undefined before the first. */
  files: Set<number> | undefined;
  hasFailed: boolean;
}

/** What an event about a statement says of who it is. */
interface Named {
  readonly statementId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly connection?: ConnectionInfo | undefined;
  readonly timestamp: number;
}

/**
 * Puts together statements that are described by events with an id, in whatever order these come, and hands them to the
 * pipeline. What the seams observe does not come this way.
 */
export class StatementsById {
  private readonly named = new Map<string, NamedStatement>();
  private readonly ended = new RecentIds(REMEMBERED_IDS);

  constructor(
    private readonly pipeline: Pipeline,
    private readonly clock: Clock,
  ) {}

  started(event: StatementStartEvent): void {
    const statement = this.find(event)?.statement;
    if (statement === undefined) return;
    statement.operationType = event.operationType ?? statement.operationType;
    statement.statementType = event.statementType ?? statement.statementType;
    statement.timestampMs = event.timestamp;
  }

  chunkDownloaded(event: CloudFetchChunkEvent): void {
    const named = this.find(event);
    if (named === undefined) return;
    const { statement } = named;
    named.files ??= new Set();
    if (named.files.has(event.chunkIndex)) return;
    named.files.add(event.chunkIndex);
    const files = (statement.files ??= new FileTotals());
    files.downloaded += 1;
    files.iterated += 1;
    const { latencyMs, bytes } = event;
    if (latencyMs >= 0) {
      files.firstMs ??= latencyMs;
      files.slowestMs = Math.max(files.slowestMs ?? 0, latencyMs);
      files.sumMs = (files.sumMs ?? 0) + latencyMs;
    }
    if (bytes >= 0) statement.byteCount += bytes;
    statement.compressed ??= event.compressed;
  }

  completed(event: StatementCompleteEvent): void {
    const named = this.find(event);
    if (named === undefined) return;
    const { statement } = named;
    statement.operationType = event.operationType ?? statement.operationType;
    statement.executionResult = event.resultFormat ?? statement.executionResult;
    statement.pollCount = event.pollCount ?? statement.pollCount;
    statement.pollLatencyMs = event.pollLatencyMs ?? statement.pollLatencyMs;
    statement.outcome = event.outcome;
    this.end(named, event.latencyMs);
  }

  /** Ends a statement by its id; does nothing for one that is not in flight. */
  complete(statementId: string): void {
    const named = this.known(statementId);
    if (named !== undefined) this.end(named, undefined);
  }

  /** Nothing is followed any more. What comes later of a statement that had not ended describes it from then on. */
  clear(): void {
    this.named.clear();
  }

  /** The statement that an error is about, which a terminal one ends as failed. */
  failed(event: ErrorEvent): Statement | undefined {
    if (event.isTerminal) {
      const known = event.statementId === undefined ? undefined : this.known(event.statementId);
      if (known !== undefined) known.hasFailed = true;
      return undefined;
    }
    return this.find(event)?.statement;
  }

  private end(named: NamedStatement, latencyMs: number | undefined): void {
    const { statement } = named;
    const nowMs = this.clock.now();
    this.forget(statement);
    statement.latencyMs = latencyMs ?? nowMs - statement.startedAtMs;
    statement.outcome ??= named.hasFailed ? 'failed' : 'delivered';
    statement.level = levelOf(statement.outcome);
    statement.endedAtMs = nowMs;
    this.pipeline.ended(statement);
  }

  private forget({ statementId }: Statement): void {
    if (statementId === undefined || !this.named.delete(statementId)) return;
    this.ended.add(statementId);
  }

  /** The statement that an event names, followed from now on; undefined without an id and after its end. */
  private find(event: Named): NamedStatement | undefined {
    const { statementId, connection, sessionId } = event;
    if (statementId === undefined) return undefined;
    const known = this.known(statementId);
    if (known !== undefined) {
      known.statement.connection ??= connection;
      known.statement.sessionId ??= sessionId;
      return known;
    }
    if (this.ended.has(statementId)) return undefined;
    const statement = new Statement(connection, sessionId, undefined, event.timestamp, this.clock.now());
    statement.statementId = statementId;
    const named: NamedStatement = { statement, files: undefined, hasFailed: false };
    this.named.set(statementId, named);
    this.pipeline.started(statement);
    this.forgetGivenUp();
    return named;
  }

  /** The statement of that id, unless the pipeline has given it up meanwhile. */
  private known(statementId: string): NamedStatement | undefined {
    const named = this.named.get(statementId);
    if (named?.statement.outcome === undefined) return named;
    this.forget(named.statement);
    return undefined;
  }

  /** Looks at all when as many as are in flight have been given up: the same cost for each at any number. */
  private forgetGivenUp(): void {
    if (this.named.size <= 2 * this.pipeline.statementsInFlight + MAX_STALE) return;
    for (const { statement } of this.named.values()) if (statement.outcome !== undefined) this.forget(statement);
  }
}
