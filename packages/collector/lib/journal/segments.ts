import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { SEGMENT_HEADER_BYTES } from './format';

const NAME = /^(\d{10})\.journal$/;

export function segmentFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(10, '0')}.journal`);
}

/** Numbers of the segments in `folder`, oldest first. */
export function listSegments(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    })
    .sort((a, b) => a - b);
}

/** The first bytes of a segment, by which its version is known; fewer when it is cut short. */
export function headerOf(path: string): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    return header.subarray(0, readSync(file, header, 0, header.length, 0));
  } finally {
    closeSync(file);
  }
}
