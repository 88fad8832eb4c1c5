import type { IClientContext } from '../contracts/IClientContext';
import { driverVersion } from '../observe/connection/driverPackage';
import { contextOrigin } from './http/contextOrigin';
import { workspaceTarget } from './http/destination';
import { debugLog } from '../util/debugLog';
import { readFlagReply } from './hosts/featureFlagResponse';
import type { FlagReply } from './hosts/featureFlagResponse';
import type { FlagAnswer, FlagState, HostFlag } from './hosts/HostFlag';
import { toHostKey } from '../model/host';
import type { HostKey } from '../model/host';
import { defaultHostRegistry } from './hosts/HostRegistry';
import type { HostRegistry } from './hosts/HostRegistry';
import { resolveConfiguration } from '../model/options';
import { requestHeaders } from './http/requestHeaders';
import { settleWithin } from '../util/withTimeout';
import { sendHttp } from './http/transport';
import type { RecordOrigin } from './types';

const PATH = '/api/2.0/connector-service/feature-flags/NODEJS/';

/** Identities that are asked for one answer; each refusal costs a request within the same deadline. */
const MAX_IDENTITIES = 4;

/** Nobody has credentials that the server answers. */
const REFUSED: FlagAnswer = { kind: 'none', retryAfterMs: 0, refused: true };

/** What is known of a host's flag. */
export interface FeatureFlagContext {
  readonly state: FlagState;
  /** Contexts of this host that were not released yet. */
  readonly leaseCount: number;
  /** Milliseconds until the flag is asked for again. */
  readonly dueInMs: number;
}

/**
 * The feature flag of each host, kept for its TTL also when the last client of the host is gone. Asks with one request
 * at a time, on a deadline of its own, never with the driver's retry policy; nothing here rejects.
 */
export class FeatureFlagCache {
  constructor(
    private readonly context: IClientContext,
    private readonly hosts: HostRegistry = defaultHostRegistry,
    private readonly version: string = driverVersion,
  ) {}

  /** Registers a use of `host`; `origin` is a connection that the flag may be asked with. */
  getOrCreateContext(host: string, origin?: RecordOrigin): FeatureFlagContext {
    const flag = this.flagOf(host);
    flag.lease(origin);
    return flag;
  }

  /** Takes back one `getOrCreateContext` with the same arguments. The answer stays. */
  releaseContext(host: string, origin?: RecordOrigin): void {
    this.flagOf(host).release(origin);
  }

  /**
   * Whether the last answer was "on". Waits for an answer only when there never was one; an expired one is given at once
   * and renewed behind the caller's back. A host without context is off and not asked.
   */
  async isTelemetryEnabled(host: string): Promise<boolean> {
    const flag = this.flagOf(host);
    if (!flag.isLeased) return false;
    const renewed = this.refresh(host);
    return (flag.state === 'unknown' ? await renewed : flag.state) === 'on';
  }

  /** The state of the flag, asked for again when its time is over. */
  async refresh(host: string): Promise<FlagState> {
    const flag = this.flagOf(host);
    return flag.dueInMs > 0 ? flag.state : this.ask(toHostKey(host), flag);
  }

  /** Asks the server now, or joins the request under way. */
  async fetchFeatureFlag(host: string): Promise<boolean> {
    return (await this.ask(toHostKey(host), this.flagOf(host))) === 'on';
  }

  /** What is known now. Asks nobody. */
  peek(host: string): FeatureFlagContext {
    return this.flagOf(host);
  }

  private flagOf(host: string): HostFlag {
    return this.hosts.get(toHostKey(host)).flag;
  }

  private ask(host: HostKey, flag: HostFlag): Promise<FlagState> {
    flag.inFlight ??= this.request(host, flag).finally(() => (flag.inFlight = undefined));
    return flag.inFlight;
  }

  private async request(host: HostKey, flag: HostFlag): Promise<FlagState> {
    const deadlineMs = performance.now() + resolveConfiguration(this.context.getConfig()).featureFlagTimeoutMs;
    const origins = flag.origins.length > 0 ? flag.origins : [contextOrigin(this.context, host)];
    let answer = REFUSED;
    for (const origin of origins.slice(0, MAX_IDENTITIES)) {
      const reply = await this.askWith(origin, deadlineMs);
      if (reply.kind !== 'refused') {
        answer = reply;
        break;
      }
      flag.demote(origin);
    }
    const state = flag.record(answer);
    debugLog(this.context, `feature flag ${state} (${answer.kind})`);
    return state;
  }

  private async askWith(origin: RecordOrigin, deadlineMs: number): Promise<FlagReply> {
    const request = Promise.resolve().then(() => origin.authenticate());
    const credentials = await settleWithin(request, deadlineMs - performance.now());
    if (credentials.kind === 'timeout') return REFUSED;
    if (credentials.kind === 'rejected' || credentials.value === undefined) return { kind: 'refused' };
    const headers = requestHeaders(origin, credentials.value);
    const outcome = await sendHttp(
      workspaceTarget(origin),
      { method: 'GET', path: PATH + triplet(this.version), headers },
      deadlineMs - performance.now(),
      new AbortController().signal,
    );
    return readFlagReply(outcome);
  }
}

/** `2.1.0-beta.1` → `2.1.0`: the endpoint knows plain versions only. */
function triplet(version: string): string {
  return /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0';
}
