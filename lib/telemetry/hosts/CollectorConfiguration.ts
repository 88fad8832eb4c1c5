import { createHash } from 'node:crypto';
import { accountOf, type Account } from '../../model/account';
import { hostKeyNamed, splitHostKey, type HostKey, type RecordOrigin } from '../../model/connection';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';
import { systemClock, type Clock } from '../../util/clock';
import { debugLog, type LoggerOwner } from '../../util/debugLog';
import type { Destination } from '../http/destination';
import { sendHttp, type HttpOutcome } from '../http/transport';
import { readCollectorReply } from './collectorReply';
import { HostFlag, type FlagState, type FlagTiming } from './HostFlag';
import type { HostRegistry, Slot, HostState } from './HostRegistry';
import type { Permission, PermissionState } from './Permission';

/** Asked again before the time of an answer is over: a switch is to be in force everywhere by then. */
const EARLY = 0.9;
const MINUTE_MS = 60_000;

const TIMING: FlagTiming = {
  defaultTtlMs: 5 * MINUTE_MS * EARLY,
  minTtlMs: MINUTE_MS * EARLY,
  maxTtlMs: 60 * MINUTE_MS * EARLY,
  retryMs: 10_000,
};

/** What a process knows of one collector's word on one service. Outlives the clients that ask. */
interface Word {
  readonly flag: HostFlag;
  wishes: ReceiverWishes;
  lastFailure: HttpOutcome | undefined;
  failedAtMs: number;
}

const WORD_SLOT: Slot<Word> = {
  create: () => ({ flag: new HostFlag(TIMING), wishes: NO_WISHES, lastFailure: undefined, failedAtMs: 0 }),
};

/** How the configuration is asked for. */
export interface ConfigurationQuestion {
  readonly destination: Destination;
  readonly path: string;
  /** Credentials of the request: those of the collector, never those of a connection. */
  readonly headers: Readonly<Record<string, string>>;
  /** The workspace whose connections send. */
  readonly host: HostKey;
  /** Who sends; a collector may answer each service differently. */
  readonly service: string | undefined;
  /** In the place of a connection where none stands behind the request. */
  readonly own: RecordOrigin;
  readonly timeoutMs: number;
  /** What became of the records so far; counts only. */
  readonly account: () => Account;
}

/** What a collector of one's own allows a service: asked as the workspace is asked for its flag, and kept for its TTL. */
export class CollectorConfiguration implements Permission {
  private readonly state: HostState;
  private readonly word: Word;

  constructor(
    private readonly owner: LoggerOwner,
    private readonly question: ConfigurationQuestion,
    hosts: HostRegistry,
    private readonly clock: Clock = systemClock,
  ) {
    this.state = hosts.get(nameOf(question));
    this.word = this.state.get(WORD_SLOT);
  }

  attach(origin: RecordOrigin | undefined): void {
    this.state.users += this.word.flag.lease(origin);
  }

  detach(origin: RecordOrigin | undefined): void {
    if (this.word.flag.release(origin)) this.state.users -= 1;
  }

  async refresh(): Promise<FlagState> {
    const { flag } = this.word;
    if (flag.dueInMs(this.clock) > 0) return flag.state;
    flag.inFlight ??= this.ask().finally(() => (flag.inFlight = undefined));
    return flag.inFlight;
  }

  peek(): PermissionState {
    const { flag, wishes, lastFailure, failedAtMs } = this.word;
    const { state, isServersWord } = flag;
    return { state, dueInMs: flag.dueInMs(this.clock), isServersWord, wishes, lastFailure, failedAtMs };
  }

  private async ask(): Promise<FlagState> {
    const { word, clock } = this;
    const [origin = this.question.own] = word.flag.origins;
    const outcome = await this.request(origin);
    // It may fail for the connection's own certificates: next time another one asks.
    if (outcome.kind === 'failed') word.flag.demote(origin);
    const { answer, wishes } = readCollectorReply(outcome, clock.epochMs());
    word.lastFailure = answer.kind === 'answer' ? undefined : outcome;
    word.failedAtMs = clock.now();
    if (wishes !== undefined) word.wishes = wishes;
    const isTimed = answer.kind === 'answer' && answer.ttlMs !== undefined;
    const state = word.flag.record(isTimed ? { ...answer, ttlMs: answer.ttlMs * EARLY } : answer, clock);
    const { logLevel, sampleRate, readsLocal } = word.wishes;
    debugLog(
      this.owner,
      `configuration of the collector: ${state} (${answer.kind}), level ${logLevel ?? 'any'}, rate ${sampleRate}` +
        `${readsLocal ? ', local fields' : ''}`,
    );
    return state;
  }

  private request(origin: RecordOrigin): Promise<HttpOutcome> {
    const { destination, path, headers, timeoutMs } = this.question;
    const request = {
      method: 'POST',
      path,
      headers: { ...headers, 'user-agent': origin.userAgent, 'content-type': 'application/json' },
      body: this.body(origin),
    } as const;
    return sendHttp(destination.target(origin), request, timeoutMs, new AbortController().signal, this.clock);
  }

  private body({ sender }: RecordOrigin): string {
    const { host, service, account } = this.question;
    const { processId, libraryVersion, runtimeVersion, options } = sender ?? {};
    return JSON.stringify({
      service,
      host: splitHostKey(host).hostname,
      processId,
      libraryVersion,
      runtimeVersion,
      options,
      account: occurred(account()),
    });
  }
}

/** An account with only those drop reasons that occurred. */
function occurred(account: Account): Account {
  const dropped = Object.entries(account.dropped).filter(([, count]) => count > 0);
  return { ...accountOf(account), dropped: Object.fromEntries(dropped) };
}

/** Under which its word is kept: by collector, credentials, and who asks. Holds no credentials. */
function nameOf({ destination, headers, host, service }: ConfigurationQuestion): HostKey {
  const who = createHash('sha256')
    .update(JSON.stringify([headers, host, service]))
    .digest('hex');
  return hostKeyNamed(`configuration of ${destination.key} for ${who}`);
}
