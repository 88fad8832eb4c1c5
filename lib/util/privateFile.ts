import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Not through a symbolic link, and without waiting for the other end of a pipe. Where a system lacks one, it is 0. */
const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const FLAGS = O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK;

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

/** Appends `text`, which is whole lines, to a file that only its owner can read: see `openPrivately` and `appendLines`. */
export async function appendPrivately(file: string, text: string): Promise<void> {
  const handle = await openPrivately(file);
  try {
    await appendLines(handle, text);
  } finally {
    await handle.close();
  }
}

/**
 * Appends `text`, which is whole lines, to a file that is opened as by `openPrivately`; returns the size of the file then. Where
 * it cannot, for instance on a full disk, rejects and leaves none of it behind, unless another process has added lines
 * meanwhile: those stay, and what is between them. Begins a line of its own after one that was left half; not looked for where
 * the file has the size `writtenTo` still.
 */
export async function appendLines(handle: FileHandle, text: string, writtenTo = 0): Promise<number> {
  const { size } = await handle.stat();
  const isHalf = size !== writtenTo && size > 0 && (await endsMidLine(handle, size));
  const bytes = Buffer.from(isHalf ? `\n${text}` : text);
  let written = 0;
  try {
    while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
    return size + written;
  } catch (failure) {
    // What cannot be taken back, either, stays.
    await takeBack(handle, bytes.subarray(0, written)).catch(() => undefined);
    throw failure;
  }
}

/** Removes what was written last, if nobody has written since. */
async function takeBack(handle: FileHandle, written: Buffer): Promise<void> {
  const { length } = written;
  const { size } = await handle.stat();
  const start = Math.max(0, size - length);
  // One byte more than there should be: somebody may have written after the look at the size.
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length + 1), 0, length + 1, start);
  if (bytesRead === length && written.equals(buffer.subarray(0, length))) await handle.truncate(start);
}

async function endsMidLine(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer.toString() !== '\n';
}
