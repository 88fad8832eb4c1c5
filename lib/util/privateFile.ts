import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Not through a symbolic link, and without waiting for the other end of a pipe. Where a system lacks one, it is 0. */
const { O_APPEND, O_CREAT, O_WRONLY, O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const FLAGS = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK;

const OWNER_ONLY = 0o600;

/** What was to be written is no regular file: a folder, a pipe, a device. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
  readonly code = 'ENOTAFILE';

  constructor() {
    super('Telemetry writes to regular files only');
  }
}

/**
 * Opens a regular file that only its owner can read, to append to it; creates it, and takes rights away from one that is
 * there. Follows no symbolic link. Rejects as the file system does, and with `NotAFileError`.
 */
export async function openPrivately(file: string): Promise<FileHandle> {
  const handle = await open(file, FLAGS, OWNER_ONLY);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new NotAFileError();
    if ((found.mode & 0o777) !== OWNER_ONLY) await handle.chmod(OWNER_ONLY);
    return handle;
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** Appends `text` to a file that is opened as by `openPrivately`, whole or not at all. */
export async function appendPrivately(file: string, text: string): Promise<void> {
  const handle = await openPrivately(file);
  try {
    const { size } = await handle.stat();
    await appendWhole(handle, text, size);
  } finally {
    await handle.close();
  }
}

/** Appends `text` to a file of `size` bytes. Where it cannot, for instance on a full disk, rejects and leaves none of it behind. */
export async function appendWhole(handle: FileHandle, text: string, size: number): Promise<void> {
  try {
    await handle.appendFile(text);
  } catch (failure) {
    await handle.truncate(size);
    throw failure;
  }
}

/** Whether the last of the `size` bytes of a file of lines ends none. Rejects as the file system does. */
export async function endsMidLine(file: string, size: number): Promise<boolean> {
  if (size === 0) return false;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return bytesRead === 1 && buffer.toString() !== '\n';
  } finally {
    await handle.close();
  }
}
