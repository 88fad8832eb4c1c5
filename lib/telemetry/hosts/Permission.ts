import type { RecordOrigin } from '../../model/connection';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';
import type { HttpOutcome } from '../http/transport';
import type { PipelineMode } from '../pipeline/Gate';
import type { FlagState } from './HostFlag';

/** What is known of a permission. */
export interface PermissionState {
  readonly state: FlagState;
  /** Milliseconds until it is asked for again. */
  readonly dueInMs: number;
  /** Whether the state is the server's word. */
  readonly isServersWord: boolean;
  readonly wishes: ReceiverWishes;
  /** How the last request for it failed, be it with a status of success and nothing to read; undefined after one that did not. */
  readonly lastFailure: HttpOutcome | undefined;
  /** When that was, by the monotonic clock. */
  readonly failedAtMs: number;
}

/** What a pipeline may do by it. */
export function modeOf({ state, isServersWord, wishes }: PermissionState): PipelineMode {
  switch (state) {
    case 'unknown':
      return { kind: 'hold' };
    case 'on':
      return wishes === NO_WISHES ? { kind: 'open' } : { kind: 'open', wishes };
    case 'off':
      return { kind: 'off', reason: isServersWord ? 'flag_off' : 'flag_unknown' };
  }
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
  peek: () => ({
    state: 'on',
    dueInMs: Infinity,
    isServersWord: false,
    wishes: NO_WISHES,
    lastFailure: undefined,
    failedAtMs: 0,
  }),
};

/** What asks the workspace for its flag. */
interface FlagSource {
  getOrCreateContext(host: string, origin?: RecordOrigin): unknown;
  releaseContext(host: string, origin?: RecordOrigin): void;
  refresh(host: string): Promise<FlagState>;
  peek(host: string): Omit<PermissionState, 'wishes'>;
}

/** The flag of `host`: on or off, nothing else. */
export function permissionByFlag(flags: FlagSource, host: string): Permission {
  return {
    attach: (origin) => void flags.getOrCreateContext(host, origin),
    detach: (origin) => flags.releaseContext(host, origin),
    refresh: () => flags.refresh(host),
    peek: () => ({ ...flags.peek(host), wishes: NO_WISHES }),
  };
}
