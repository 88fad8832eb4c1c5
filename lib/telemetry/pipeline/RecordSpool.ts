import type { DropReason } from '../../model/enums';
import type { SpooledRecord, TelemetryRecord } from '../../model/records';

/** Where pending records are kept beside the memory. Cannot throw; no promise rejects. */
export interface RecordSpool {
  /** Pending records that have a copy. */
  readonly kept: number;
  /** Pending records that have none because there is no room. */
  readonly crowdedOut: number;
  /** A record waits for export. */
  add(record: TelemetryRecord): void;
  /** Records are pending no more. */
  settle(records: readonly TelemetryRecord[]): void;
  /** No record is pending any more. */
  settleAll(): void;
  /** Brings the copies in line with what is pending. */
  flush(): Promise<void>;
  /** The same a last time; what is pending is left to whoever comes. Memoised. */
  close(): Promise<void>;
}

/** Who queues and counts the records of a spool. */
export interface SpoolOwner {
  /** How many records of ended processes may be taken in just now. */
  readonly room: number;
  /** Takes in records that ended processes have left. They count as collected here. */
  takeIn(records: readonly SpooledRecord[]): void;
  /** Records of ended processes that are given up here. They count as collected and dropped. */
  lose(reason: Extract<DropReason, 'queue_full' | 'expired'>, count: number): void;
}

const settled = Promise.resolve();

/** Keeps nothing. */
export const NO_SPOOL: RecordSpool = {
  kept: 0,
  crowdedOut: 0,
  add: () => undefined,
  settle: () => undefined,
  settleAll: () => undefined,
  flush: () => settled,
  close: () => settled,
};
