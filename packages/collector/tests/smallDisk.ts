import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CollectorClient } from 'databricks-telemetry-collector';
import { fromSources } from './fromSources';

/** How a disk is made small: a file system of its own, or a limit of the process on the size of files. */
export type Way = 'file system' | 'file size limit';

const NODE = [process.execPath, ...fromSources('tests/.stubs/smallDiskProcess.ts')];

/** A file system of one's own takes a Linux that lets a process make one; the limit any Linux. */
export function waysHere(): Way[] {
  const works = (command: string, args: string[]): boolean => spawnSync(command, args).status === 0;
  return [
    ...(works('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]) ? (['file system'] as const) : []),
    ...(works('prlimit', ['--version']) ? (['file size limit'] as const) : []),
  ];
}

/** A collector in a process of its own, on a disk that can be filled. */
export class SmallDisk {
  private constructor(
    private readonly way: Way,
    private readonly disk: string,
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly address: string,
  ) {}

  static async start(way: Way, disk = mkdtempSync(join(tmpdir(), 'collector-disk-'))): Promise<SmallDisk> {
    const mounted = ['-Urm', 'sh', '-c', `mount -t tmpfs -o size=48m none '${disk}' && exec "$@"`, 'sh'];
    const [command = '', ...args] = way === 'file system' ? ['unshare', ...mounted, ...NODE, disk] : [...NODE, disk];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new SmallDisk(way, disk, child, lines, String((await lines.next()).value));
  }

  get client(): CollectorClient {
    return new CollectorClient(this.address);
  }

  /** Files of the data folder. */
  get files(): string[] {
    const root = this.way === 'file system' ? `/proc/${this.child.pid ?? 0}/root` : '';
    return readdirSync(join(root, this.disk, 'data'), { recursive: true }).map(String);
  }

  /** From now on nothing more than `left` bytes can be written. */
  async fill(left = 0): Promise<void> {
    if (this.way === 'file system') await this.tell(`fill ${left}`);
    else this.limit('1');
  }

  /** From now on no file can grow beyond `bytes`, whatever room the file system promises. Takes the limit of the process. */
  limitFiles(bytes: number): void {
    this.limit(String(bytes));
  }

  async free(): Promise<void> {
    if (this.way === 'file system') await this.tell('free');
    else this.limit('unlimited');
  }

  /** Makes a folder of the data read-only, or writable again. Takes a file system of its own. */
  async protect(folder: string, isReadOnly: boolean): Promise<void> {
    if (isReadOnly) await this.tell(`mount bind ${folder}`);
    await this.tell(`mount remount,bind,${isReadOnly ? 'ro' : 'rw'} ${folder}`);
  }

  /** Stops it; its exit code. */
  async stop(): Promise<number | null> {
    this.child.stdin?.end();
    const [code] = (await once(this.child, 'exit')) as [number | null];
    return code;
  }

  /** Starts it again on what it left; only a disk that outlives its process can. */
  again(): Promise<SmallDisk> {
    return SmallDisk.start(this.way, this.disk);
  }

  remove(): void {
    rmSync(this.disk, { recursive: true, force: true });
  }

  private async tell(line: string): Promise<void> {
    this.child.stdin?.write(`${line}\n`);
    await this.lines.next();
  }

  private limit(soft: string): void {
    execFileSync('prlimit', ['--pid', String(this.child.pid), `--fsize=${soft}:unlimited`]);
  }
}
