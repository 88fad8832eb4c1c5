import type { DropReason } from '../../model/enums';
import type { SpooledRecord, TelemetryRecord } from '../../model/records';
import type { Ledger } from './Ledger';
import type { RecordQueue } from './RecordQueue';

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

const done = Promise.resolve();

/** Keeps nothing. */
export const NO_SPOOL: RecordSpool = {
  kept: 0,
  crowdedOut: 0,
  add: () => undefined,
  settle: () => undefined,
  settleAll: () => undefined,
  flush: () => done,
  close: () => done,
};

/** The owner of a spool whose records go to `queue` and are counted in `ledger`. `onTakenIn`: there are more to send. */
export function spoolOwner(
  queue: RecordQueue,
  ledger: Ledger,
  maxRecords: number,
  isClosing: () => boolean,
  onTakenIn: () => void,
): SpoolOwner {
  return {
    get room() {
      return isClosing() ? 0 : Math.max(0, Math.floor(maxRecords) - queue.pending);
    },
    takeIn: (records) => {
      ledger.collected += records.length;
      queue.insert(records);
      onTakenIn();
    },
    lose: (reason, count) => {
      ledger.collected += count;
      ledger.drop(reason, count);
    },
  };
}
