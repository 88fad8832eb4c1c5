import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IdentityGrouper } from '../../../../lib/telemetry/http/identityGroups';
import { Spool, type SpoolLimits } from '../../../../lib/telemetry/spool/Spool';
import { SpoolDirectory } from '../../../../lib/telemetry/spool/SpoolDirectory';
import { receiverName } from '../../../../lib/telemetry/spool/spoolFileName';
import { unsettledLogs } from '../../../../lib/telemetry/spool/spoolLines';
import type { ConnectionInfo, SpooledRecord } from '../../../../lib/telemetry/types';
import { systemClock } from '../../../../lib/util/clock';
import { connectionTo, originTo } from '../../.stubs/origins';

/** A pid that no process has any more. */
export const DEAD_PID = spawnSync(process.execPath, ['--version']).pid;

export const HOUR_MS = 3_600_000;

/** A connection whose token is `token`; undefined: it has none. */
export function tenant(token: string | undefined): ConnectionInfo {
  return connectionTo(originTo({ port: 443, ca: '' }, token));
}

/** One process on the directory: its spool and what it took in. */
export class Tenure {
  readonly takenIn: SpooledRecord[] = [];
  readonly lost: Array<[reason: string, count: number]> = [];
  readonly lines: string[] = [];
  readonly spool: Spool;
  room = 1000;

  constructor(directory: string, pid: number, limits: Partial<SpoolLimits>, host = 'a.test') {
    const isRoomy = (): number => this.room;
    this.spool = new Spool(
      new SpoolDirectory(directory, receiverName(host, ''), systemClock, pid),
      new IdentityGrouper(
        (record) => (record.connection ?? tenant(undefined)).origin,
        (origin) => origin.authenticate(),
        () => true,
        systemClock,
      ),
      { maxBytes: 16 * 1024 * 1024, maxAgeMs: HOUR_MS, keepsLocal: false, ...limits },
      {
        get room() {
          return isRoomy();
        },
        takeIn: (records) => {
          this.room -= records.length;
          this.takenIn.push(...records);
        },
        lose: (reason, count) => {
          if (count > 0) this.lost.push([reason, count]);
        },
      },
      (message) => this.lines.push(message),
      systemClock,
    );
  }
}

export class TemporaryDirectory {
  readonly parent = mkdtempSync(path.join(tmpdir(), 'spool-'));
  readonly path = path.join(this.parent, 'spool');

  get files(): string[] {
    return readdirSync(this.path).sort();
  }

  /** Ids of the records that are pending there. */
  get copies(): string[] {
    try {
      return this.files.flatMap((name) => unsettledLogs(this.read(name)).map(({ id }) => id));
    } catch {
      // The directory is not there yet, or a file is removed at this moment.
      return [];
    }
  }

  read(name: string): string {
    return readFileSync(path.join(this.path, name), 'utf8');
  }

  remove(): void {
    rmSync(this.parent, { recursive: true });
  }
}
