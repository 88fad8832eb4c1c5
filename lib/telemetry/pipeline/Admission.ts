import type { TelemetryConfiguration } from '../../model/options';
import { isWithin, type TelemetryRecord } from '../../model/records';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';

/** Which records a pipeline takes: as the application, the connection and the receiver want them, the strictest wins. */
export class Admission {
  private wishes: ReceiverWishes = NO_WISHES;

  constructor(private readonly config: Pick<TelemetryConfiguration, 'logLevel'>) {}

  /** The receiver has said what it wants; returns whether that is less than before. */
  follow(wishes: ReceiverWishes): boolean {
    const before = this.wishes;
    this.wishes = wishes;
    return wishes.logLevel !== undefined && wishes.logLevel !== before.logLevel;
  }

  /**
   * Whether the record is severe enough. One whose connection cannot be looked at is not taken: it must not stand in the
   * way of others, or of the end.
   */
  admits(record: TelemetryRecord): boolean {
    try {
      const { level, connection } = record;
      const wanted = this.wishes.logLevel;
      if (wanted !== undefined && !isWithin(level, wanted)) return false;
      return isWithin(level, connection?.logLevel ?? this.config.logLevel);
    } catch {
      return false;
    }
  }
}
