import { createHash } from 'node:crypto';
import type { ConnectionInfo, RecordOrigin } from '../../model/connection';
import { isFailedConnect, type TelemetryRecord } from '../../model/records';
import { withTimeout, type Clock } from '../../util/clock';
import type { CredentialSource } from './credentials';
import type { ExportMode } from './endpoints';
import { anonymousHeaders, authenticatedHeaders, hasAuthorization } from './requestHeaders';

/** Records that may share a request: same credentials, headers, mode and way to the host. Lives for one export only. */
export class IdentityGroup {
  readonly records: TelemetryRecord[] = [];
  private hash: string | undefined;

  constructor(
    readonly mode: ExportMode,
    readonly origin: RecordOrigin,
    readonly headers: Readonly<Record<string, string>>,
    private readonly connection: ConnectionInfo | undefined,
  ) {}

  /** Names the identity without giving it away. Made when somebody asks: it takes as long as ten records. */
  get fingerprint(): string {
    this.hash ??= fingerprintOf(this.mode, this.headers, this.origin, this.connection);
    return this.hash;
  }
}

export interface Grouping {
  readonly groups: readonly IdentityGroup[];
  readonly withoutCredentials: readonly TelemetryRecord[];
  /** Their identity is among those that were refused. */
  readonly refused: readonly TelemetryRecord[];
}

/** Neighbours that go the same way: of one connection, and of a kind that goes no way of its own. */
interface Run {
  readonly first: TelemetryRecord;
  readonly records: TelemetryRecord[];
  /** More may follow. */
  readonly isOpen: boolean;
}

function runsOf(records: readonly TelemetryRecord[]): Run[] {
  const runs: Run[] = [];
  let current: Run | undefined;
  for (const record of records) {
    const isOpen = isPlain(record);
    if (current?.isOpen === true && isOpen && record.connection === current.first.connection) {
      current.records.push(record);
    } else {
      current = { first: record, records: [record], isOpen };
      runs.push(current);
    }
  }
  return runs;
}

function isPlain(record: TelemetryRecord): boolean {
  return record.kind === 'statement' || record.kind === 'connection';
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

  constructor(
    private readonly originOf: (record: TelemetryRecord) => RecordOrigin,
    private readonly credentials: CredentialSource,
    /** Whether what credentials could not be had for may pass. */
    private readonly isRetryable: (thrown: unknown) => boolean,
    private readonly clock: Clock,
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
    const runs = runsOf(records);
    const origins = new Set(runs.map(({ first }) => this.originOf(first)));
    await Promise.all([...origins].map(find));
    const common = typeof this.credentials === 'function' ? {} : this.credentials;
    const groups = new Groups(standings.size === 1, common);
    const result: Record<'withoutCredentials' | 'refused', TelemetryRecord[]> = { withoutCredentials: [], refused: [] };
    const placeOf = (record: TelemetryRecord): TelemetryRecord[] | undefined => {
      const origin = this.originOf(record);
      const standing = standings.get(origin) ?? { kind: 'undecided' };
      const candidates = groups.candidates(record, origin, standing);
      const group = candidates.find((candidate) => refused.size === 0 || !refused.has(candidate.fingerprint));
      if (group !== undefined) return group.records;
      if (candidates.length > 0) return result.refused;
      return standing.kind === 'no-credentials' && standing.isLasting ? result.withoutCredentials : undefined;
    };
    for (const run of runs) placeOf(run.first)?.push(...run.records);
    return { groups: groups.all(), ...result };
  }

  private async standingOf(origin: RecordOrigin, timeoutMs: number, signal: AbortSignal): Promise<Standing> {
    if (!origin.authenticated) return { kind: 'anonymous' };
    const { credentials } = this;
    if (typeof credentials !== 'function') {
      const { userAgent } = origin;
      return { kind: 'authenticated', headers: authenticatedHeaders({ headers: {}, userAgent }, credentials) };
    }
    if (this.pending.has(origin)) return { kind: 'undecided' };
    this.pending.add(origin);
    const request = Promise.resolve()
      .then(() => credentials(origin))
      .then((found) => authenticatedHeaders(origin, found ?? {}))
      .finally(() => this.pending.delete(origin));
    const end = await withTimeout(this.clock, request, timeoutMs, signal);
    if (end.kind === 'timeout') return { kind: 'undecided' };
    if (end.kind === 'rejected') {
      return { kind: 'no-credentials', isLasting: !this.isRetryable(end.reason) };
    }
    const headers = end.value;
    return hasAuthorization(headers) ? { kind: 'authenticated', headers } : { kind: 'no-credentials', isLasting: true };
  }
}

class Groups {
  private readonly made: IdentityGroup[] = [];
  private readonly byFingerprint = new Map<string, IdentityGroup>();
  private readonly byOrigin = {
    authenticated: new Map<RecordOrigin, IdentityGroup>(),
    unauthenticated: new Map<RecordOrigin, IdentityGroup>(),
  };

  constructor(
    /** All records have the same one, so that none has to be compared with another. */
    private readonly isOneOrigin: boolean,
    /** Headers that every request to this receiver has. */
    private readonly common: IdentityGroup['headers'],
  ) {}

  /** The groups that `record` may join, the preferred one first. */
  candidates(record: TelemetryRecord, origin: RecordOrigin, standing: Standing): IdentityGroup[] {
    const mayBeAnonymous =
      standing.kind === 'anonymous' ||
      (standing.kind !== 'undecided' &&
        ((origin.anonymousErrors && isFailedConnect(record)) || record.kind === 'spooled'));
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
    const own = new IdentityGroup(
      mode,
      origin,
      headers ?? { ...anonymousHeaders(origin.userAgent), ...this.common },
      record.connection,
    );
    const group = this.isOneOrigin ? own : (this.byFingerprint.get(own.fingerprint) ?? own);
    if (group === own) this.made.push(group);
    if (!this.isOneOrigin) this.byFingerprint.set(own.fingerprint, group);
    this.byOrigin[mode].set(origin, group);
    return group;
  }

  all(): IdentityGroup[] {
    return this.made.filter((group) => group.records.length > 0);
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
