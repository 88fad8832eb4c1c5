import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { literal } from '../sql/quote';
import { SqlError } from '../sql/SqlError';
import type { StagingCommands } from './staging';
import type { VolumeFolder } from './VolumeFolder';

export type VolumeMethod = 'GET' | 'PUT' | 'DELETE';

export type VolumeAccess =
  | { kind: 'read'; body: Buffer }
  | { kind: 'written' }
  | { kind: 'removed' }
  | { kind: 'denied'; status: 403 | 404; reason: string };

const LINK_TTL_MS = 15 * 60_000;

/** Links through which one operation on one file of a volume is allowed. */
export class VolumeStore {
  private readonly secret = randomBytes(32);

  constructor(private readonly folder: VolumeFolder) {}

  /** The statements PUT, GET and REMOVE for a client that reaches the workspace at `origin`. */
  commands(origin: string): StagingCommands {
    const url = (method: VolumeMethod, remote: string): string => origin + this.link(method, this.folder.parts(remote));
    // The driver for Java reads the columns by their places, the others by their names.
    const select = (operation: string, presignedUrl: string, local?: string): string =>
      `SELECT ${literal(operation)} AS operation, ${literal(presignedUrl)} AS "presignedUrl", ` +
      `MAP(['content-type'], ['application/octet-stream']) AS headers` +
      (local === undefined ? '' : `, ${literal(local)} AS "localFile"`);
    return {
      folder: this.folder,
      put: (local, remote, overwrite) => {
        if (!overwrite && existsSync(this.folder.file(this.folder.parts(remote)))) {
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
    const parts = path.split('/').slice(2).map(decodeURIComponent);
    const file = this.folder.file(parts);
    if (!file.startsWith(this.folder.root + sep) || this.folder.isLinked(parts)) {
      return { kind: 'denied', status: 403, reason: 'AccessDenied' };
    }
    if (method === 'PUT') return write(file, body);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (method === 'DELETE') {
      if (isFile) await rm(file);
      return { kind: 'removed' };
    }
    return isFile ? { kind: 'read', body: await readFile(file) } : { kind: 'denied', status: 404, reason: 'NoSuchKey' };
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
