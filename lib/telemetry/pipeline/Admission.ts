import type { TelemetryConfiguration } from '../../model/options';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';
import { isWithin, type ConnectionRecord, type TelemetryRecord } from '../../model/records';
import { Sampler, type SharedRecord } from './Sampler';

export interface AdmissionParts {
  /** Most verbose severity that is taken; default: what the connection of a record says. */
  readonly logLevel?: TelemetryConfiguration['logLevel'] | undefined;
  /** Share of the records that is sent; default: what the configuration says. */
  readonly sampleRate?: number | undefined;
  /** Told of each record that is sent for others, and which share of them that is. */
  readonly onShared?: ((record: SharedRecord, share: number) => void) | undefined;
  /** Whether a session is worth a record of its own; default: each is. */
  readonly describes?: ((record: ConnectionRecord, nowMs: number) => boolean) | undefined;
}

/** Which records a pipeline takes: as the application, the connection and the receiver want them, the strictest wins. */
export class Admission {
  private wishes: ReceiverWishes = NO_WISHES;
  private readonly rate: number;
  readonly sampler: Sampler;

  constructor(
    private readonly config: Pick<TelemetryConfiguration, 'logLevel' | 'sampleRate'>,
    private readonly parts: AdmissionParts = {},
  ) {
    this.rate = parts.sampleRate ?? config.sampleRate;
    this.sampler = new Sampler(this.rate, parts.onShared);
  }

  /** The receiver has said what it wants; returns whether that may be less than before. */
  follow(wishes: ReceiverWishes): boolean {
    if (wishes === this.wishes) return false;
    this.wishes = wishes;
    this.sampler.rate = Math.min(this.rate, wishes.sampleRate);
    return true;
  }

  /** Whether a session that was opened or closed is told of. */
  isWorthARecord(record: ConnectionRecord, nowMs: number): boolean {
    return this.parts.describes?.(record, nowMs) ?? true;
  }

  /** One whose connection cannot be looked at is not taken: it must not stand in the way of others, or of the end. */
  isSevereEnough(record: TelemetryRecord): boolean {
    try {
      const { level, connection } = record;
      const wanted = this.wishes.logLevel;
      if (wanted !== undefined && !isWithin(level, wanted)) return false;
      return isWithin(level, this.parts.logLevel ?? connection?.logLevel ?? this.config.logLevel);
    } catch {
      return false;
    }
  }
}
