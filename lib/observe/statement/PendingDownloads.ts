import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { Attempts } from '../rpc/CountedRetryPolicy';
import { OfferedFiles } from './ResultManifest';
import type { StatementObservation } from './StatementObservation';

/** A CloudFetch file that a statement was offered. */
export interface ChunkOwner {
  readonly observation: StatementObservation;
  /** Counted from 0 in manifest order. */
  readonly index: number;
  /** Size the manifest gives. */
  readonly sizeBytes: number;
  /** The manifest's own entry. */
  readonly link?: Pick<TSparkArrowResultLink, 'expiryTime'>;
}

/** A download that failed. */
interface FailedDownload extends Pick<Attempts, 'count' | 'causes'> {
  /** Its file was known when it failed, and has been told of. */
  readonly isTold: boolean;
}

/**
 * The files that statements in flight were offered and that were not downloaded yet. A request for a file knows nothing
 * but its URL; presigned URLs are unique.
 */
export class FilesOnOffer {
  private readonly owners = new Map<string, ChunkOwner>();
  /** By the thrown object, which the driver passes on to the application. */
  private readonly failures = new WeakMap<object, FailedDownload>();

  /** The server offered files, in manifest order. */
  offer(observation: StatementObservation, links: readonly TSparkArrowResultLink[]): void {
    if (links.length === 0) return;
    const { urls } = (observation.offered ??= new OfferedFiles());
    for (const link of links) {
      const url = keyOf(link.fileLink);
      this.owners.set(url, { observation, index: urls.length, sizeBytes: link.bytesNum.toNumber(true), link });
      urls.push(url);
    }
  }

  /** The statement that was offered the file at `url`; a file is claimed once. */
  claim(url: string): ChunkOwner | undefined {
    const key = keyOf(url);
    const owner = this.owners.get(key);
    if (owner !== undefined) this.owners.delete(key);
    return owner;
  }

  /** The file that the reader of a statement waits for: the first one of the manifest that nobody claimed. */
  next(observation: StatementObservation): ChunkOwner | undefined {
    for (const url of observation.offered?.urls ?? []) {
      const owner = this.owners.get(url);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  forget(observation: StatementObservation): void {
    for (const url of observation.offered?.urls ?? []) this.owners.delete(url);
  }

  failedWith(thrown: unknown, { count, causes }: Attempts, isTold: boolean): void {
    if (typeof thrown === 'object' && thrown !== null) this.failures.set(thrown, { count, causes, isTold });
  }

  /** The download that failed with `thrown`. */
  failureOf(thrown: unknown): FailedDownload | undefined {
    return typeof thrown === 'object' && thrown !== null ? this.failures.get(thrown) : undefined;
  }
}

/** Whether the link of a file can no longer be used. */
export function hasExpired({ link }: ChunkOwner): boolean {
  return link !== undefined && link.expiryTime.toNumber(true) <= Date.now();
}

/** One spelling of a file's URL for the manifest and the request. */
function keyOf(url: string): string {
  return new URL(url).href;
}
