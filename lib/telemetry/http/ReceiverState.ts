import { Mutex } from '../../util/Mutex';
import type { Slot } from '../hosts/HostRegistry';

/** What a process knows of one receiver of telemetry. */
export interface ReceiverState {
  /** One telemetry request in flight per receiver. */
  readonly mutex: Mutex;
  /** Monotonic time before which it asked not to be called again (`Retry-After`). */
  notBeforeMs: number;
  /** It took a body plain that it had refused compressed. */
  refusesGzip: boolean;
}

export const RECEIVER_SLOT: Slot<ReceiverState> = {
  create: () => ({ mutex: new Mutex(), notBeforeMs: 0, refusesGzip: false }),
};
