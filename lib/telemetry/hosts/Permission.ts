import type { RecordOrigin } from '../../model/connection';
import type { TelemetryLogLevel } from '../../model/optionRow';
import type { HttpOutcome } from '../http/transport';
import type { FlagState } from './HostFlag';

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

/** What is known of a permission. */
export interface PermissionState {
  readonly state: FlagState;
  /** Milliseconds until it is asked for again. */
  readonly dueInMs: number;
  /** Whether the state is the server's word. */
  readonly isServersWord: boolean;
  readonly wishes: ReceiverWishes;
  /** How the last request for it failed; undefined after one that did not. */
  readonly lastFailure: HttpOutcome | undefined;
}

/** Who says whether anything may leave: the workspace's flag, a collector of one's own, or nobody but the application. */
export interface Permission {
  /** A connection that may be asked with, and one that may not any more. */
  attach(origin: RecordOrigin | undefined): void;
  detach(origin: RecordOrigin | undefined): void;
  /** The state, asked for again when its time is over. Never rejects. */
  refresh(): Promise<FlagState>;
  /** What is known now. Asks nobody. */
  peek(): PermissionState;
}

/** Where nobody is asked. */
export const GRANTED: Permission = {
  attach: () => undefined,
  detach: () => undefined,
  refresh: async () => 'on',
  peek: () => ({ state: 'on', dueInMs: Infinity, isServersWord: false, wishes: NO_WISHES, lastFailure: undefined }),
};
