import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { keepDamaged } from './asideFiles';
import { decodeEntry, type JournalEntry } from './entry';
import {
  checkSegmentHeader,
  nextGoodEntry,
  readEntry,
  SEGMENT_HEADER_BYTES,
  versionOf,
  type JournalPosition,
} from './format';
import { headerOf, listSegments, segmentFile } from './segments';

export interface JournalSlice {
  readonly entries: readonly JournalEntry[];
  /** Where to go on. */
  readonly next: JournalPosition;
}

/** Reads entries in order, up to what is committed. Entries with a wrong checksum are counted, kept aside and passed over. */
export class JournalReader {
  private damagedEntries = 0;

  constructor(private readonly folder: string) {}

  get damaged(): number {
    return this.damagedEntries;
  }

  /** The next entries from `from`, at least one if there is one before `committed`, until they hold `maxRows` rows. */
  read(from: JournalPosition, committed: JournalPosition, maxRows: number): JournalSlice {
    let position = from;
    for (const segment of listSegments(this.folder)) {
      if (segment < from.segment || segment > committed.segment) continue;
      const offset = segment === from.segment ? Math.max(from.offset, SEGMENT_HEADER_BYTES) : SEGMENT_HEADER_BYTES;
      const slice = this.readSegment(segment, offset, committed, maxRows);
      if (slice.entries.length > 0) return slice;
      position = slice.next;
    }
    return { entries: [], next: position };
  }

  private readSegment(segment: number, from: number, committed: JournalPosition, maxRows: number): JournalSlice {
    const header = headerOf(segmentFile(this.folder, segment));
    const bytes = this.bytesOf(segment, from, segment === committed.segment ? committed.offset : undefined);
    const entries: JournalEntry[] = [];
    let offset = 0;
    const at = (place: number): JournalSlice => ({ entries, next: { segment, offset: from + place } });
    const end = at(bytes.length);
    if (checkSegmentHeader(header) === 'torn' && nextGoodEntry(bytes, -1) === undefined) return end;
    const version = versionOf(header);
    for (let rows = 0; rows < maxRows;) {
      const read = readEntry(bytes, offset);
      if (read.kind === 'end') return end;
      const entry = read.kind === 'entry' ? decodeEntry(read.payload, version) : undefined;
      if (read.kind === 'entry' && entry !== undefined) {
        offset = read.next;
        entries.push(entry);
        rows += entry.rows.length + 1;
        continue;
      }
      const next = nextGoodEntry(bytes, offset);
      // A tail that was cut off was never acknowledged; what is followed by a good entry was.
      if (next !== undefined || read.kind !== 'torn') this.keepAside(segment);
      if (next === undefined) return end;
      offset = next;
    }
    return at(offset);
  }

  /** Of a segment from `from` on, up to what is committed. */
  private bytesOf(segment: number, from: number, committedBytes = Infinity): Buffer {
    const file = openSync(segmentFile(this.folder, segment), 'r');
    try {
      const size = Math.max(0, Math.min(fstatSync(file).size, committedBytes) - from);
      const bytes = Buffer.allocUnsafe(size);
      let read = 0;
      while (read < size) {
        const count = readSync(file, bytes, read, size - read, from + read);
        if (count === 0) break;
        read += count;
      }
      return bytes.subarray(0, read);
    } finally {
      closeSync(file);
    }
  }

  private keepAside(segment: number): void {
    this.damagedEntries += 1;
    keepDamaged(this.folder, segment);
  }
}
