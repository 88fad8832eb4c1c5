import type { IdentityGroup } from '../http/identityGroups';
import type { Clock } from '../../util/clock';
import type { ConnectionInfo } from '../../model/connection';
import type { SpooledRecord } from '../../model/records';
import type { SpoolCopies } from './SpoolCopies';
import type { SpoolDirectory, SpoolFile } from './SpoolDirectory';
import { logLine, settledLine, unsettledLogs } from './spoolLines';
import type { SpooledLog } from './spoolLines';
import type { SpoolOwner } from '../pipeline/RecordSpool';

/** What ended processes left: a file is taken over by one process, and a log by one that has its identity. */
export class SpoolTakeover {
  constructor(
    private readonly directory: SpoolDirectory,
    private readonly copies: SpoolCopies,
    private readonly maxAgeMs: number,
    private readonly owner: SpoolOwner,
    private readonly clock: Clock,
  ) {}

  /** Takes in the logs that may leave under the identity of one of `groups`, as far as there is room. */
  async takeOver(groups: readonly IdentityGroup[]): Promise<void> {
    const connections = new Map(groups.map(({ fingerprint, records }) => [fingerprint, records[0]?.connection]));
    for (const file of await this.directory.list()) {
      if (!this.directory.isOrphan(file)) continue;
      const isWanted = await this.isWanted(file, connections);
      if (!isWanted) continue;
      const name = await this.directory.claim(file);
      if (name !== undefined) await this.takeIn(name, connections);
    }
  }

  /** Gives up a file of an ended process. Returns whether it is gone. */
  async discard(file: SpoolFile): Promise<boolean> {
    const name = await this.directory.claim(file);
    if (name === undefined) return false;
    const logs = unsettledLogs((await this.directory.read(name)) ?? '');
    await this.directory.remove(name);
    this.owner.lose('queue_full', logs.length);
    return true;
  }

  /** A file is left alone as long as it has something for others only. */
  private async isWanted(file: SpoolFile, identities: ReadonlyMap<string, unknown>): Promise<boolean> {
    const text = await this.directory.read(file.name);
    if (text === undefined) return false;
    const logs = unsettledLogs(text);
    const isForHere = (log: SpooledLog): boolean =>
      this.directory.isForThis(file) && identities.has(log.identity) && this.owner.room > 0;
    return logs.length === 0 || logs.some((log) => this.isExpired(log) || isForHere(log));
  }

  private async takeIn(name: string, connections: ReadonlyMap<string, ConnectionInfo | undefined>): Promise<void> {
    const text = (await this.directory.read(name)) ?? '';
    const logs = unsettledLogs(text);
    const valid = logs.filter((log) => !this.isExpired(log));
    const taken = valid.filter(({ identity }) => connections.has(identity)).slice(0, this.owner.room);
    const left = valid.filter((log) => !taken.includes(log));
    await this.leave(left);
    this.owner.lose('expired', logs.length - valid.length);
    if (taken.length === 0) return this.directory.remove(name);
    const segment = this.copies.open(name, Buffer.byteLength(text));
    const records = taken.map((log) => toRecord(log, connections.get(log.identity), this.clock));
    for (const record of records) this.copies.add(record, segment);
    this.owner.takeIn(records);
    const others = logs.filter((log) => !taken.includes(log));
    if (others.length > 0) await this.directory.append(name, settledLine(others.map(({ id }) => id)));
  }

  /** Puts logs into a file that whoever comes may take over. It shows under that name only when it is complete. */
  private async leave(logs: readonly SpooledLog[]): Promise<void> {
    if (logs.length === 0) return;
    const name = this.directory.newName();
    await this.directory.append(name, logs.map(logLine).join(''));
    await this.directory.release(name);
  }

  private isExpired(log: SpooledLog): boolean {
    return this.clock.epochMs() - log.queuedAtMs > this.maxAgeMs;
  }
}

function toRecord(spooled: SpooledLog, connection: ConnectionInfo | undefined, clock: Clock): SpooledRecord {
  return {
    kind: 'spooled',
    connection,
    timestampMs: spooled.queuedAtMs,
    sessionId: undefined,
    level: 'INFO',
    eventId: spooled.id,
    queuedAtMs: clock.now() - Math.max(0, clock.epochMs() - spooled.queuedAtMs),
    identity: spooled.identity,
    log: spooled.log,
    ...(spooled.localLog === undefined ? {} : { localLog: spooled.localLog }),
  };
}
