import type { DropReason } from '../../model/enums';
import type { Clock } from '../../util/clock';
import type { ReceiverWishes } from '../../model/receiverWishes';
import { factsOf } from '../../util/foreign';

/** `hold`: collect but do not export; `open`: export; `off`: nothing is collected and what was is dropped. */
export type PipelineMode =
  | { readonly kind: 'hold' }
  /** `wishes`: what the receiver wants less of than the application allows. */
  | { readonly kind: 'open'; readonly wishes?: ReceiverWishes }
  | { readonly kind: 'off'; readonly reason: Extract<DropReason, 'flag_off' | 'flag_unknown'> };

const KINDS: readonly unknown[] = ['hold', 'open', 'off'] satisfies ReadonlyArray<PipelineMode['kind']>;

/** Whether `value` is a mode: components are open to code that no compiler has seen. */
export function isMode(value: unknown): value is PipelineMode {
  return KINDS.includes(factsOf(value)['kind']);
}

/** What may happen to records right now, and for how long that stands without another look. */
export class Gate {
  mode: PipelineMode = { kind: 'open' };
  private untilMs = Infinity;

  /** `onExpired`: the mode has stood for its time, and something happens again. Called once for each `set`. */
  constructor(
    private readonly clock: Clock,
    private readonly onExpired: () => void = () => undefined,
  ) {}

  set(mode: PipelineMode, standsForMs: number): void {
    this.mode = mode;
    this.untilMs = this.clock.now() + standsForMs;
  }

  /** Something happens at `nowMs`: returns what may happen to records. */
  look(nowMs: number): PipelineMode {
    if (nowMs >= this.untilMs) {
      this.untilMs = Infinity;
      this.onExpired();
    }
    return this.mode;
  }

  /** Milliseconds until the mode has to be looked at again; `Infinity` while that is under way. */
  expiresInMs(): number {
    return this.untilMs - this.clock.now();
  }
}
