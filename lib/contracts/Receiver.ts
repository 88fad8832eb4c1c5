import type { ConnectionInfo } from '../model/connection';
import type { ErrorFacts } from '../model/errorFacts';
import type { ErrorEvent } from '../model/events';
import type { SessionOpening } from '../model/sessionOpening';
import type { Statement } from '../model/Statement';
import type { CallRunner } from './CallRunner';

/** How an attempt of the application ended: with what it threw, or well. */
export type Attempt = { readonly failed: false } | { readonly failed: true; readonly thrown: unknown };

/** A CloudFetch file of a statement that was downloaded or given up. */
export interface FileEnd {
  readonly statement: Statement;
  /** Counted from 0 in manifest order. */
  readonly index: number;
  /** Of the last attempt, in milliseconds; undefined for a file that was given up. */
  readonly latencyMs: number | undefined;
  /** Undefined for a file that was given up. */
  readonly bytes: number | undefined;
  /** Requests that it took. */
  readonly attempts: number;
  /** Why it was given up; undefined for one that was downloaded. */
  readonly error: ErrorFacts | undefined;
}

/**
 * Who is told what an observed connection does, beside Databricks: the application's exporters, its slow-statement log,
 * the channels. Told synchronously, inside the call of the application or of the driver that it is about, so that the
 * asynchronous context is that call's. What a receiver throws is swallowed; what it is told it must not change.
 */
export interface Receiver {
  /** Runs the driver's calls, for a receiver that has a say in their asynchronous context. */
  readonly runner?: CallRunner | undefined;
  /** `connect()` begins; `connection` is the same object in all that is told of it later. */
  connectStarted?(connection: ConnectionInfo): void;
  connectEnded?(connection: ConnectionInfo, attempt: Attempt): void;
  sessionStarted?(opening: SessionOpening): void;
  /** `sessionId` is there when it was opened. */
  sessionEnded?(opening: SessionOpening, attempt: Attempt, sessionId: string | undefined): void;
  /** `latencyMs` of the close RPC, where it was answered. */
  sessionClosed?(connection: ConnectionInfo, sessionId: string, latencyMs: number | undefined): void;
  /** `text` as the application gave it, where the call has one. */
  statementStarted?(statement: Statement, text: string | undefined): void;
  /** Once for each statement, when it has its outcome. One that nobody reads or closes has no end: see `connectionClosed`. */
  statementEnded?(statement: Statement): void;
  /** Something failed: a connect, a session, or a call on a statement, which goes on where the error is retryable. */
  failed?(error: ErrorEvent): void;
  fileEnded?(file: FileEnd): void;
  /** The connection is over: nothing more is told of it. */
  connectionClosed?(connection: ConnectionInfo): void;
  /** `count` requests beyond the first were made for `statement`, for these `causes` as far as they are known. */
  retried?(statement: Statement, count: number, causes: readonly string[] | undefined): void;
}
