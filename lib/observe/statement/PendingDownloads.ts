import type { TSparkArrowResultLink } from '@databricks/sql/thrift/TCLIService_types';
import type { Statement } from '../../model/Statement';
import { ResultManifest, type PendingDownload } from './ResultManifest';

/** What became of the attempts at one request. */
export interface Attempts {
  readonly count: number;
  /** What made the driver try again, once for each attempt beyond the first; undefined without any. */
  readonly causes: readonly string[] | undefined;
}

/** A download that failed. */
interface FailedDownload extends Attempts {
  /** Its file was known when it failed, and has been reported. */
  readonly isReported: boolean;
}

/**
 * The files that statements in flight were offered and that were not downloaded yet. A request for a file knows nothing
 * but its URL; presigned URLs are unique.
 */
export class PendingDownloads {
  private readonly byUrl = new Map<string, PendingDownload>();
  private readonly manifests = new WeakMap<Statement, ResultManifest>();
  /** By the thrown object, which the driver passes on to the application. */
  private readonly failures = new WeakMap<object, FailedDownload>();

  /** The server offered files, in manifest order. */
  offer(statement: Statement, links: readonly TSparkArrowResultLink[]): ResultManifest {
    let manifest = this.manifests.get(statement);
    if (manifest === undefined) {
      manifest = new ResultManifest();
      this.manifests.set(statement, manifest);
    }
    for (const link of links) {
      const file: PendingDownload = { statement, index: manifest.files.length, link };
      manifest.files.push(file);
      this.byUrl.set(link.fileLink, file);
    }
    return manifest;
  }

  /** The manifest of a statement whose result comes as files. */
  manifestOf(statement: Statement): ResultManifest | undefined {
    return this.manifests.get(statement);
  }

  /** The file at `url`, which is claimed once. */
  claim(url: string): PendingDownload | undefined {
    const file = this.byUrl.get(url) ?? this.findRespelt(url);
    if (file !== undefined) this.byUrl.delete(file.link.fileLink);
    return file;
  }

  /** The file that the reader of a statement waits for: the first one of the manifest that nobody claimed. */
  next(statement: Statement): PendingDownload | undefined {
    return this.manifests.get(statement)?.files.find(({ link }) => this.byUrl.has(link.fileLink));
  }

  forget(statement: Statement): void {
    for (const { link } of this.manifests.get(statement)?.files ?? []) this.byUrl.delete(link.fileLink);
  }

  failedWith(thrown: unknown, { count, causes }: Attempts, isReported: boolean): void {
    if (typeof thrown === 'object' && thrown !== null) this.failures.set(thrown, { count, causes, isReported });
  }

  /** The download that failed with `thrown`. */
  failureOf(thrown: unknown): FailedDownload | undefined {
    return typeof thrown === 'object' && thrown !== null ? this.failures.get(thrown) : undefined;
  }

  /** A request may spell the manifest's URL in another way: with a slash, or another escape. */
  private findRespelt(url: string): PendingDownload | undefined {
    for (const [offered, file] of this.byUrl) if (URL.canParse(offered) && new URL(offered).href === url) return file;
    return undefined;
  }
}
