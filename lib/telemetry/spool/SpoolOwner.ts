import type { DropReason, SpooledRecord } from '../types';

/** Who queues and counts the records of a spool. */
export interface SpoolOwner {
  /** How many records of ended processes may be taken in just now. */
  readonly room: number;
  /** Takes in records that ended processes have left. They count as collected here. */
  adopt(records: readonly SpooledRecord[]): void;
  /** Records of ended processes that are given up here. They count as collected and dropped. */
  lose(reason: Extract<DropReason, 'queue_full' | 'expired'>, count: number): void;
}
