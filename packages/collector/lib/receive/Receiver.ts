import { encodeEntry } from '../journal/entry';
import type { Journal } from '../journal/Journal';
import type { ByteBudget, ByteLease } from '../http/ByteBudget';
import { readBody, type BodyLimits } from '../http/readBody';
import { HttpError, sendJson } from '../http/reply';
import type { Exchange } from '../http/Router';
import { decodeBatch, MAX_LOGS, type Batch, type DecodedBatch } from './decodeBatch';

/** Told of every batch that was committed. */
export type OnBatch = (batch: Batch) => void;

const RETRY_SOON = { 'retry-after': '5' };

/** Takes telemetry requests. A log counts as accepted when it is in the journal, on disk; only then it is answered. */
export class Receiver {
  constructor(
    private readonly journal: Journal,
    private readonly limits: BodyLimits,
    private readonly budget: ByteBudget,
    private readonly onBatch: OnBatch,
  ) {}

  receive(exchange: Exchange): Promise<void> {
    return this.budget.leased((lease) => this.take(exchange, lease));
  }

  private async take({ message, response }: Exchange, lease: ByteLease): Promise<void> {
    const decoded = await decodeBatch(await readBody(message, this.limits, lease));
    const batch = batchOf(decoded);
    if (batch.received > 0) await this.commit(batch);
    this.onBatch(batch);
    sendJson(response, 200, {
      errors: batch.errors,
      numSuccess: 0,
      numProtoSuccess: batch.rows.length,
      numRealtimeSuccess: 0,
    });
  }

  private async commit(batch: Batch): Promise<void> {
    const result = await this.journal.append(encodeEntry(batch, Date.now()));
    switch (result.kind) {
      case 'committed':
        return;
      case 'full':
        throw new HttpError(429, 'overloaded', 'The journal is full; the store is behind.', RETRY_SOON);
      case 'failed':
        throw new HttpError(503, 'journal_failed', `The journal cannot be written (${result.code}).`, RETRY_SOON);
    }
  }
}

function batchOf(decoded: DecodedBatch): Batch {
  switch (decoded.kind) {
    case 'batch':
      return decoded.batch;
    case 'malformed':
      throw new HttpError(400, 'malformed_body', decoded.message);
    case 'too_many':
      throw new HttpError(413, 'too_many_logs', `A request holds at most ${MAX_LOGS} logs, and little else.`);
  }
}
