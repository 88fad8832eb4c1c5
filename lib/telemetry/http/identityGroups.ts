import { createHash } from 'node:crypto';
import type { ExportMode } from './endpoints';
import { ExceptionClassifier } from '../ExceptionClassifier';
import { anonymousHeaders, hasAuthorization, requestHeaders } from './requestHeaders';
import { settleWithin } from '../settleWithin';
import type { ConnectionInfo, RecordOrigin, TelemetryRecord } from '../types';

/** Records that may share a request: same credentials, headers, mode and way to the host. Lives for one export only. */
export interface IdentityGroup {
  readonly mode: ExportMode;
  readonly origin: RecordOrigin;
  readonly headers: Readonly<Record<string, string>>;
  /** Names the identity without giving it away. */
  readonly fingerprint: string;
  readonly records: TelemetryRecord[];
}

export interface Grouping {
  readonly groups: readonly IdentityGroup[];
  readonly withoutCredentials: readonly TelemetryRecord[];
  /** Their identity is among those that were refused. */
  readonly refused: readonly TelemetryRecord[];
}

/** A failed connect may be reported without credentials, since it may be they that failed. */
export function isFailedConnect(record: TelemetryRecord): boolean {
  return record.kind === 'error' && (record.stage === 'connect' || record.stage === 'open_session');
}

/** What an origin may be used for right now. */
type Standing =
  | { readonly kind: 'authenticated'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'no-credentials'; readonly isLasting: boolean }
  | { readonly kind: 'undecided' };

/** Puts the records of a batch under the identities they may leave with. Holds no credentials between two calls. */
export class IdentityGrouper {
  /** Requests for credentials under way; one that hangs is waited for once. */
  private readonly pending = new WeakSet<RecordOrigin>();

  /** Without `usesCredentials` no origin is asked for any and no header of a connection is used. */
  constructor(
    private readonly originOf: (record: TelemetryRecord) => RecordOrigin,
    private readonly usesCredentials: boolean,
  ) {}

  /**
   * Groups are in the order of their first record. `timeoutMs` bounds the wait for credentials; records whose
   * credentials cannot be had just now are in no part of the result. `refused`: fingerprints that are not to be used.
   */
  async group(
    records: readonly TelemetryRecord[],
    refused: ReadonlySet<string>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Grouping> {
    const standings = new Map<RecordOrigin, Standing>();
    const find = async (origin: RecordOrigin): Promise<unknown> =>
      standings.set(origin, await this.standingOf(origin, timeoutMs, signal));
    await Promise.all([...new Set(records.map(this.originOf))].map(find));
    const groups = new Groups();
    const result = { withoutCredentials: [] as TelemetryRecord[], refused: [] as TelemetryRecord[] };
    for (const record of records) {
      const origin = this.originOf(record);
      const standing = standings.get(origin) ?? { kind: 'undecided' };
      const candidates = groups.candidates(record, origin, standing);
      const group = candidates.find(({ fingerprint }) => !refused.has(fingerprint));
      if (group !== undefined) group.records.push(record);
      else if (candidates.length > 0) result.refused.push(record);
      else if (standing.kind === 'no-credentials' && standing.isLasting) result.withoutCredentials.push(record);
    }
    return { groups: groups.all(), ...result };
  }

  private async standingOf(origin: RecordOrigin, timeoutMs: number, signal: AbortSignal): Promise<Standing> {
    if (!origin.authenticated) return { kind: 'anonymous' };
    if (!this.usesCredentials) {
      return { kind: 'authenticated', headers: requestHeaders({ headers: {}, userAgent: origin.userAgent }, {}) };
    }
    if (this.pending.has(origin)) return { kind: 'undecided' };
    this.pending.add(origin);
    const request = Promise.resolve()
      .then(() => origin.authenticate())
      .finally(() => this.pending.delete(origin));
    const end = await settleWithin(request, timeoutMs, signal);
    if (end.kind === 'timeout') return { kind: 'undecided' };
    if (end.kind === 'rejected') {
      return { kind: 'no-credentials', isLasting: !ExceptionClassifier.isRetryable(end.reason) };
    }
    const headers = requestHeaders(origin, end.value ?? {});
    return hasAuthorization(headers) ? { kind: 'authenticated', headers } : { kind: 'no-credentials', isLasting: true };
  }
}

class Groups {
  private readonly byFingerprint = new Map<string, IdentityGroup>();
  private readonly byOrigin = {
    authenticated: new Map<RecordOrigin, IdentityGroup>(),
    unauthenticated: new Map<RecordOrigin, IdentityGroup>(),
  };

  /** The groups that `record` may join, the preferred one first. */
  candidates(record: TelemetryRecord, origin: RecordOrigin, standing: Standing): IdentityGroup[] {
    const mayBeAnonymous =
      standing.kind === 'anonymous' ||
      (standing.kind !== 'undecided' && (isFailedConnect(record) || record.kind === 'spooled'));
    const candidates = [
      ...(standing.kind === 'authenticated' ? [this.of(record, origin, standing.headers)] : []),
      ...(mayBeAnonymous ? [this.of(record, origin, undefined)] : []),
    ];
    // What another process has written leaves under the identity it was written for, or not at all.
    return record.kind === 'spooled'
      ? candidates.filter(({ fingerprint }) => fingerprint === record.identity)
      : candidates;
  }

  /** The group of `record`; the anonymous one without `headers`. */
  private of(
    record: TelemetryRecord,
    origin: RecordOrigin,
    headers: IdentityGroup['headers'] | undefined,
  ): IdentityGroup {
    const mode = headers === undefined ? 'unauthenticated' : 'authenticated';
    const known = this.byOrigin[mode].get(origin);
    if (known !== undefined) return known;
    const effective = headers ?? anonymousHeaders(origin.userAgent);
    const fingerprint = fingerprintOf(mode, effective, origin, record.connection);
    const group = this.byFingerprint.get(fingerprint) ?? { mode, origin, headers: effective, fingerprint, records: [] };
    this.byFingerprint.set(fingerprint, group);
    this.byOrigin[mode].set(origin, group);
    return group;
  }

  all(): IdentityGroup[] {
    return [...this.byFingerprint.values()].filter((group) => group.records.length > 0);
  }
}

/** Identity and way to the host: everything in which two requests to one host could differ but for their body. */
function fingerprintOf(
  mode: ExportMode,
  headers: Readonly<Record<string, string>>,
  origin: RecordOrigin,
  connection: ConnectionInfo | undefined,
): string {
  const { useProxy, proxyHost, proxyPort } = connection?.driverConfig ?? {};
  const way = [origin.hostname, origin.port, useProxy, proxyHost, proxyPort, tlsFingerprint(origin.tls)];
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([mode, way, sorted]))
    .digest('hex');
}

const tlsFingerprints = new WeakMap<object, string>();

/** A private key goes with its certificate, which is enough to tell two apart. */
function tlsFingerprint(tls: RecordOrigin['tls']): string {
  let fingerprint = tlsFingerprints.get(tls);
  if (fingerprint === undefined) {
    const hash = createHash('sha256');
    for (const part of [tls.ca ?? '', tls.cert ?? ''].flat()) hash.update(part).update('\0');
    fingerprint = hash.update(String(tls.rejectUnauthorized)).digest('hex');
    tlsFingerprints.set(tls, fingerprint);
  }
  return fingerprint;
}
