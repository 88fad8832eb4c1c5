import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { withTimeout, type Clock } from '../../util/clock';
import { appendPrivately } from '../../util/privateFile';
import { formatSpoolFileName, parseSpoolFileName, THIS_MACHINE } from './spoolFileName';
import type { SpoolFileName } from './spoolFileName';
import { factsOf } from '../../util/foreign';

export interface SpoolFile extends SpoolFileName {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Larger than any file a spool writes: somebody else's, whatever its name. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A live process touches its files more often; on another machine, or under a pid that came again, this alone tells. */
const LEASE_MS = 120_000;

/** The files of all processes that spool into one directory. Methods reject as the file system does. */
export class SpoolDirectory {
  private readonly owner = randomBytes(6).toString('hex');
  private sequence = 0;

  constructor(
    private readonly directory: string,
    private readonly receiver: string,
    private readonly clock: Clock,
    private readonly pid = process.pid,
  ) {}

  /** A name for a file of this process. */
  newName(): string {
    this.sequence += 1;
    const { receiver, pid, owner, sequence } = this;
    return formatSpoolFileName({ receiver, machine: THIS_MACHINE, pid, owner, sequence });
  }

  /** Creates the directory if it is not there, for this user's eyes only. */
  async create(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
  }

  /** Creates the file if it is not there, for this user's eyes only. */
  async append(name: string, text: string): Promise<void> {
    await appendPrivately(this.pathOf(name), text);
  }

  /** Undefined for a file that cannot be read, for instance because another process has just taken it over. */
  async read(name: string): Promise<string | undefined> {
    const end = await withTimeout(this.clock, readFile(this.pathOf(name), 'utf8'), LEASE_MS);
    return end.kind === 'fulfilled' ? end.value : undefined;
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  /** Renews the lease on a file; one that is gone needs none. */
  async touch(name: string): Promise<void> {
    const now = new Date(this.clock.epochMs());
    await withTimeout(this.clock, utimes(this.pathOf(name), now, now), LEASE_MS);
  }

  /** Takes a file over from a process that has ended: its new name, or undefined when another process was faster. */
  async claim(file: SpoolFile): Promise<string | undefined> {
    // Before the new name shows: with the old time on it, it would look abandoned itself.
    await this.touch(file.name);
    const name = this.newName();
    return (await this.move(file.name, name)) ? name : undefined;
  }

  /** Leaves a file of this process to whoever comes. Returns whether it was there. */
  async release(name: string): Promise<boolean> {
    const own = parseSpoolFileName(name);
    return own !== undefined && this.move(name, formatSpoolFileName({ ...own, pid: 0 }));
  }

  /** All spool files, also those for other receivers, the longest untouched first. */
  async list(): Promise<SpoolFile[]> {
    const names = await readdir(this.directory);
    const files = await Promise.all(names.map((name) => this.inspect(name)));
    return files.filter((file) => file !== undefined).sort((a, b) => a.modifiedMs - b.modifiedMs);
  }

  /** Whether the process that wrote `file` has ended or given it away. */
  isOrphan(file: SpoolFile): boolean {
    if (file.owner === this.owner && file.pid !== 0) return false;
    if (file.pid === 0 || this.clock.epochMs() - file.modifiedMs > LEASE_MS) return true;
    return file.machine === THIS_MACHINE && !isAlive(file.pid);
  }

  /** Whether `file` holds logs for this receiver. */
  isForThis(file: SpoolFile): boolean {
    return file.receiver === this.receiver;
  }

  private async inspect(name: string): Promise<SpoolFile | undefined> {
    const parsed = parseSpoolFileName(name);
    if (parsed === undefined) return undefined;
    const found = await withTimeout(this.clock, lstat(this.pathOf(name)), LEASE_MS);
    if (found.kind !== 'fulfilled' || !found.value.isFile() || !isOwnUsers(found.value.uid)) return undefined;
    const { size, mtimeMs } = found.value;
    return size > MAX_FILE_BYTES ? undefined : { ...parsed, name, sizeBytes: size, modifiedMs: mtimeMs };
  }

  private async move(from: string, to: string): Promise<boolean> {
    return (await withTimeout(this.clock, rename(this.pathOf(from), this.pathOf(to)), LEASE_MS)).kind === 'fulfilled';
  }

  private pathOf(name: string): string {
    return path.join(this.directory, name);
  }
}

/** What another user left in a shared directory is not sent under this user's identity. */
function isOwnUsers(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return factsOf(thrown)['code'] !== 'ESRCH';
  }
}
