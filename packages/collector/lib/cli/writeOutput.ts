import {
  accessSync,
  constants as fileModes,
  createWriteStream,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The second one cannot be opened where it is a socket. */
const STANDARD = new Set(['-', '/dev/stdout']);

type Transform = (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/**
 * Writes `source` to `output`: `-` for standard output, a pipe, a device, or a file, which gets its name when it is whole;
 * what had the name before stays until then. Returns whether it is a file.
 */
export async function writeOutput(output: string, source: Readable, through: Transform): Promise<boolean> {
  if (STANDARD.has(output) || isWrittenThrough(output)) {
    const standard = { fd: process.stdout.fd, autoClose: false };
    // What is behind a name such as /dev/fd/3 may hold something already.
    const options = STANDARD.has(output) ? standard : { flags: 'a' };
    await pipeline(source, through, createWriteStream(output, options));
    return false;
  }
  const file = fileBehind(output);
  accessSync(dirname(file), fileModes.W_OK);
  const partial = `${file}.${process.pid}.part`;
  const unfinished = (): void => rmSync(partial, { force: true });
  const stopped = (signal: NodeJS.Signals): never => {
    unfinished();
    return process.exit(128 + constants.signals[signal]);
  };
  process.once('SIGINT', stopped).once('SIGTERM', stopped);
  try {
    await pipeline(source, through, createWriteStream(partial));
    renameSync(partial, file);
  } finally {
    process.off('SIGINT', stopped).off('SIGTERM', stopped);
    unfinished();
  }
  return true;
}

/** Where a file cannot take another one's place. */
function isWrittenThrough(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new Error(`${path} is a folder: give a file.`);
  return /^\/(?:dev|proc)\//.test(path) || (there !== undefined && !there.isFile());
}

/** What a symbolic link leads to, also where nothing is there yet. */
function fileBehind(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
  const next = readlinkSync(path);
  return fileBehind(isAbsolute(next) ? next : join(realpathSync(dirname(path)), next));
}
