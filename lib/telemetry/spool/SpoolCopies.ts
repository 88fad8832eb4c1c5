import type { TelemetryRecord } from '../../model/records';

/** One file of this process. */
export interface SpoolSegment {
  readonly name: string;
  sizeBytes: number;
  /** Records in it that are still pending. */
  readonly records: Set<TelemetryRecord>;
  /** Event ids of settled records of which the file does not know yet. */
  readonly settled: string[];
}

/** Which pending record has a copy in which file. Does no disk work. */
export class SpoolCopies {
  private readonly homes = new Map<TelemetryRecord, SpoolSegment>();
  /** Oldest first. */
  private readonly all = new Set<SpoolSegment>();
  private current: SpoolSegment | undefined;

  constructor(
    private readonly segmentBytes: number,
    private readonly newName: () => string,
  ) {}

  /** Records with a copy. */
  get size(): number {
    return this.homes.size;
  }

  get segments(): readonly SpoolSegment[] {
    return [...this.all];
  }

  get records(): readonly TelemetryRecord[] {
    return [...this.homes.keys()];
  }

  /** The file to append `bytes` to. */
  segmentFor(bytes: number): SpoolSegment {
    if (this.current === undefined || this.current.sizeBytes + bytes > this.segmentBytes) {
      this.current = this.open(this.newName(), 0);
    }
    return this.current;
  }

  /** Takes note of a file of this process. */
  open(name: string, sizeBytes: number): SpoolSegment {
    const segment: SpoolSegment = { name, sizeBytes, records: new Set(), settled: [] };
    this.all.add(segment);
    return segment;
  }

  add(record: TelemetryRecord, segment: SpoolSegment): void {
    this.homes.set(record, segment);
    segment.records.add(record);
  }

  /** A record is pending no more. Returns whether it had a copy. */
  settle(record: TelemetryRecord): boolean {
    const segment = this.homes.get(record);
    if (segment === undefined) return false;
    this.homes.delete(record);
    segment.records.delete(record);
    if (record.eventId !== undefined) segment.settled.push(record.eventId);
    return true;
  }

  /** Forgets a file and the copies in it. */
  forget(segment: SpoolSegment): void {
    for (const record of segment.records) this.homes.delete(record);
    this.all.delete(segment);
    if (this.current === segment) this.current = undefined;
  }
}
