import type { TelemetryLogLevel } from './optionRow';

/** What a receiver wants less of than the application allows, and what it reads. */
export interface ReceiverWishes {
  /** Most verbose severity that it wants; undefined: all that the application allows. */
  readonly logLevel: TelemetryLogLevel | undefined;
  /** Share of what the application allows that it wants, 0 to 1. */
  readonly sampleRate: number;
  /** It reads the local fields as this library writes them. */
  readonly readsLocal: boolean;
}

export const NO_WISHES: ReceiverWishes = { logLevel: undefined, sampleRate: 1, readsLocal: false };
