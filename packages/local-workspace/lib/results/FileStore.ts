import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileDownload, OfferedFile } from '../received/types';

/** Whose file it is: it goes a while after its statement is closed by the client, and with its session. */
export interface FileOwner {
  statementId: string;
  sessionId: string;
}

interface StoredFile {
  owner: FileOwner;
  body: Buffer | undefined;
  path: string | undefined;
  size: number;
  /** When its last link ends; unset while it has none, and for good when new links can be asked for. */
  expiresAtMs: number | undefined;
  renewable: boolean;
  offered: OfferedFile;
}

export type FileAccess = { kind: 'granted'; body: Buffer } | { kind: 'denied'; status: 403 | 404; reason: string };

/**
 * How long a file outlives its link, so that a late request hears that the link has expired, and its statement, so that
 * downloads end well.
 */
const GRACE_MS = 60_000;

/** Files held in memory; more are on disk. */
const MEMORY_BUDGET_BYTES = 128 * 1024 * 1024;

/** Result files behind signed links, as object storage would hold them. */
export class FileStore {
  private readonly files = new Map<string, StoredFile>();
  private readonly secret = randomBytes(32);
  private inMemory = 0;
  private folder: string | undefined;

  /**
   * Keeps `body` until its owner is released, and unless it is `renewable` only as long as its link works. Returns the
   * file's id.
   */
  async put(owner: FileOwner, body: Buffer, offered: OfferedFile, renewable = false): Promise<string> {
    const now = Date.now();
    this.drop(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs + GRACE_MS < now);
    const id = randomUUID();
    const size = body.length;
    const file: StoredFile = { owner, body, path: undefined, size, expiresAtMs: undefined, renewable, offered };
    if (this.inMemory + body.length > MEMORY_BUDGET_BYTES) {
      this.folder ??= mkdtempSync(join(tmpdir(), 'local-workspace-'));
      file.path = join(this.folder, id);
      file.body = undefined;
      await writeFile(file.path, body);
    } else this.inMemory += body.length;
    this.files.set(id, file);
    return id;
  }

  /** Path and query of a link that works until `expiresAtMs`. */
  link(id: string, expiresAtMs: number): string {
    const file = this.files.get(id);
    if (file && !file.renewable) file.expiresAtMs = expiresAtMs;
    return `/cloudfetch/${id}?X-Expires=${expiresAtMs}&X-Signature=${this.signature(id, expiresAtMs)}`;
  }

  private signature(id: string, expiresAtMs: number): string {
    return createHmac('sha256', this.secret).update(`${id}\n${expiresAtMs}`).digest('hex');
  }

  async open(id: string, query: URLSearchParams): Promise<FileAccess> {
    const expiresAtMs = Number(query.get('X-Expires'));
    const given = Buffer.from(query.get('X-Signature') ?? '');
    const expected = Buffer.from(this.signature(id, expiresAtMs));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { kind: 'denied', status: 403, reason: 'SignatureDoesNotMatch' };
    }
    if (Date.now() >= expiresAtMs) return { kind: 'denied', status: 403, reason: 'Request has expired' };
    const body = await this.read(id);
    return body ? { kind: 'granted', body } : { kind: 'denied', status: 404, reason: 'NoSuchKey' };
  }

  /** The bytes of a file, undefined when it is gone. */
  async read(id: string): Promise<Buffer | undefined> {
    const file = this.files.get(id);
    return file && (file.body ?? readFile(file.path as string));
  }

  /** Notes an attempt on the statement's record, whatever its outcome. */
  recordDownload(id: string, download: FileDownload): void {
    this.files.get(id)?.offered.downloads.push(download);
  }

  /** Of a statement that was closed: a client may still be downloading, so its links work for a while. */
  release(statementId: string): void {
    const now = Date.now();
    for (const file of this.files.values()) {
      if (file.owner.statementId !== statementId) continue;
      file.renewable = false;
      file.expiresAtMs = Math.min(file.expiresAtMs ?? now, now);
    }
  }

  releaseSession(sessionId: string): void {
    this.drop(({ owner }) => owner.sessionId === sessionId);
  }

  private drop(which: (file: StoredFile) => boolean): void {
    for (const [id, file] of this.files) {
      if (!which(file)) continue;
      this.files.delete(id);
      if (file.path === undefined) this.inMemory -= file.size;
      else void unlink(file.path).catch(() => undefined);
    }
  }

  close(): void {
    this.files.clear();
    this.inMemory = 0;
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}
