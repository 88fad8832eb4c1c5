import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { makeFolder } from '../dataFolder';
import { literal } from '../sql/quote';
import { SqlError } from '../sql/SqlError';
import type { StagingCommands } from './staging';

export type VolumeMethod = 'GET' | 'PUT' | 'DELETE';

export type VolumeAccess =
  | { kind: 'read'; body: Buffer }
  | { kind: 'written' }
  | { kind: 'removed' }
  | { kind: 'denied'; status: 403 | 404; reason: string };

const LINK_TTL_MS = 15 * 60_000;

/** Files in volumes, and links through which one operation on one file is allowed. */
export class VolumeStore {
  private readonly secret = randomBytes(32);
  private folder: string | undefined;
  private readonly temporary: boolean;

  constructor(dataDir: string | undefined) {
    this.temporary = dataDir === undefined;
    if (dataDir !== undefined) {
      this.folder = join(dataDir, 'volumes');
      makeFolder(this.folder);
    }
  }

  /** The statements PUT, GET and REMOVE for a client that reaches the workspace at `origin`. */
  commands(origin: string): StagingCommands {
    const url = (method: VolumeMethod, remote: string): string => origin + this.link(method, this.parts(remote));
    // The driver for Java reads the columns by their places, the others by their names.
    const select = (operation: string, presignedUrl: string, local?: string): string =>
      `SELECT ${literal(operation)} AS operation, ${literal(presignedUrl)} AS "presignedUrl", ` +
      `MAP(['content-type'], ['application/octet-stream']) AS headers` +
      (local === undefined ? '' : `, ${literal(local)} AS "localFile"`);
    return {
      put: (local, remote, overwrite) => {
        if (!overwrite && existsSync(this.file(this.parts(remote)))) {
          throw new SqlError(
            'FILE_IN_STAGING_PATH_ALREADY_EXISTS',
            '42K0F',
            `File in staging path ${remote} already exists but OVERWRITE is not set.`,
          );
        }
        return select('PUT', url('PUT', remote), local);
      },
      // That a file is missing shows when its link is used, as with object storage.
      get: (remote, local) => select('GET', url('GET', remote), local),
      remove: (remote) => select('REMOVE', url('DELETE', remote)),
    };
  }

  /** The parts of `/Volumes/<catalog>/<schema>/<volume>/<file…>`. Throws for any other path. */
  private parts(remote: string): string[] {
    const [empty, root, ...parts] = remote.split('/');
    const safe = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part));
    if (empty !== '' || root !== 'Volumes' || parts.length < 4 || !safe) {
      throw new SqlError(
        'INVALID_PARAMETER_VALUE.PATH',
        '22023',
        `The path '${remote}' is not a file in a volume: /Volumes/<catalog>/<schema>/<volume>/<file>.`,
      );
    }
    return parts;
  }

  private root(): string {
    this.folder ??= mkdtempSync(join(tmpdir(), 'local-workspace-volumes-'));
    return this.folder;
  }

  private file(parts: readonly string[]): string {
    return join(this.root(), ...parts);
  }

  private link(method: VolumeMethod, parts: readonly string[]): string {
    const path = `/volumes/${parts.map(encodeURIComponent).join('/')}`;
    const expires = Date.now() + LINK_TTL_MS;
    return `${path}?X-Expires=${expires}&X-Signature=${this.signature(method, path, expires)}`;
  }

  private signature(method: string, path: string, expires: number): string {
    return createHmac('sha256', this.secret).update(`${method}\n${path}\n${expires}`).digest('hex');
  }

  /** Carries out what a link allows. */
  async access(method: string, path: string, query: URLSearchParams, body: Buffer): Promise<VolumeAccess> {
    const expires = Number(query.get('X-Expires'));
    const given = Buffer.from(query.get('X-Signature') ?? '');
    const expected = Buffer.from(this.signature(method, path, expires));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { kind: 'denied', status: 403, reason: 'SignatureDoesNotMatch' };
    }
    if (Date.now() >= expires) return { kind: 'denied', status: 403, reason: 'Request has expired' };
    const file = this.file(path.split('/').slice(2).map(decodeURIComponent));
    if (!file.startsWith(this.root() + sep)) return { kind: 'denied', status: 403, reason: 'AccessDenied' };
    if (method === 'PUT') return write(file, body);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (method === 'DELETE') {
      if (isFile) await rm(file);
      return { kind: 'removed' };
    }
    return isFile ? { kind: 'read', body: await readFile(file) } : { kind: 'denied', status: 404, reason: 'NoSuchKey' };
  }

  close(): void {
    if (this.temporary && this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A path whose folder is a file, or that is a folder itself, cannot be written. */
async function write(file: string, body: Buffer): Promise<VolumeAccess> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
    return { kind: 'written' };
  } catch {
    return { kind: 'denied', status: 403, reason: 'AccessDenied' };
  }
}
