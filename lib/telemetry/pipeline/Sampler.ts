import type { ConnectionRecord, TelemetryRecord } from '../../model/records';
import { isSlow, type Statement } from '../../model/Statement';

/** What may be sent for others like it. */
export type SharedRecord = Statement | ConnectionRecord;

/** Sessions that were left out and whose opening is kept in case that something of them is sent. */
const MAX_OPENINGS = 1000;

/**
 * Which share of the records is sent. A trace is sent with all its statements, or not, whether its own sampler took it or
 * left it out; what is of no known trace goes with its session. Errors, and statements that failed, were cancelled or were
 * slow, are always sent. A statement that is sent takes the opening of its session along. Each record that is sent for
 * others carries the share, so that counts and quantiles can be estimated without bias.
 */
export class Sampler {
  private readonly openings = new Map<string, ConnectionRecord>();

  constructor(
    /** Share that is sent, 0 to 1. */
    public rate: number,
    /** Told of each record that is sent for others, and which share of them that is. */
    private readonly note: (record: SharedRecord, share: number) => void = () => undefined,
  ) {}

  /** Decides about a record. Asked again after `rate` became less, it may decide against one that it had kept. */
  keeps(record: TelemetryRecord): boolean {
    if (this.rate >= 1) return true;
    let group = record.sessionId;
    switch (record.kind) {
      case 'error':
      case 'spooled':
        return true;
      case 'statement':
        if (isRemarkable(record)) return true;
        group = record.traceId ?? group;
        break;
      case 'connection':
        if (record.sessionId !== undefined) this.noteSession(record, record.sessionId);
    }
    if (group === undefined) return true;
    if (!this.isChosen(group)) return false;
    this.note(record, this.rate);
    return true;
  }

  /** The opening of the session of a record that is kept, where it was left out; once. */
  openingFor({ sessionId }: TelemetryRecord): ConnectionRecord | undefined {
    if (sessionId === undefined || this.openings.size === 0) return undefined;
    const opening = this.openings.get(sessionId);
    if (opening !== undefined) this.openings.delete(sessionId);
    return opening;
  }

  /** `group`: a trace or a session. */
  private isChosen(group: string): boolean {
    return placeOf(group) < this.rate;
  }

  private noteSession(record: ConnectionRecord, sessionId: string): void {
    if (record.operation === 'DELETE_SESSION' || this.isChosen(sessionId)) {
      this.openings.delete(sessionId);
      return;
    }
    this.openings.set(sessionId, record);
    if (this.openings.size <= MAX_OPENINGS) return;
    for (const oldest of this.openings.keys()) {
      this.openings.delete(oldest);
      return;
    }
  }
}

function isRemarkable(statement: Statement): boolean {
  const { outcome, level, hasFailureState } = statement;
  return level !== 'INFO' || outcome === 'cancelled' || hasFailureState || isSlow(statement);
}

/** Where a trace or a session stands between 0 and 1, the same in every process: FNV-1a, its bits mixed at the end. */
function placeOf(group: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < group.length; i += 1) hash = Math.imul(hash ^ group.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
