import { appendFile } from 'node:fs/promises';
import type { IClientContext } from '../contracts/IClientContext';
import type { ExportResult, ITelemetryExporter } from '../contracts/ITelemetryExporter';
import { isCompressed } from './http/compression';
import { contextOrigin } from './http/contextOrigin';
import { debugLog, describeThrown } from '../util/debugLog';
import { customDestination, workspaceDestination } from './http/destination';
import type { Destination } from './http/destination';
import { ExportTally } from './http/ExportTally';
import { toHostKey } from '../model/host';
import type { HostRegistry } from './hosts/HostRegistry';
import { logBatches, requestBody } from './http/logBatches';
import { resolveConfiguration } from '../model/options';
import type { TelemetryConfiguration } from '../model/options';
import type { OnPreview, TelemetryPreview } from '../model/preview';
import { anonymousHeaders, gzipHeaders, requestHeaders } from './http/requestHeaders';
import { TransferLog } from './http/TransferLog';
import type { DropReason, RecordOrigin, TelemetryRecord } from './types';

const CREDENTIALS = { authorization: '<credentials>' };

/**
 * Shows what `DatabricksTelemetryExporter` would send (`telemetryDryRun`), to a function or in a file that only its owner
 * can read. Asks for no credentials and makes no request. Never rejects.
 */
export class DryRunExporter implements ITelemetryExporter {
  /** Remains empty. */
  readonly transfers = new TransferLog();
  readonly breaker = undefined;
  private readonly config: TelemetryConfiguration;
  private readonly destination: Destination | undefined;
  private readonly ownOrigin: RecordOrigin;

  constructor(
    private readonly context: IClientContext,
    host: string,
    private readonly hosts: HostRegistry,
  ) {
    const key = toHostKey(host);
    this.config = resolveConfiguration(context.getConfig());
    const { endpoint } = this.config;
    this.destination =
      endpoint === '' ? workspaceDestination(key, hosts.get(key).endpoints) : customDestination(endpoint);
    this.ownOrigin = contextOrigin(context, key);
  }

  async export(batch: readonly TelemetryRecord[], signal?: AbortSignal): Promise<ExportResult> {
    const tally = new ExportTally(batch);
    const { batchSize: maxLogs, maxRequestBytes: maxBytes } = this.config;
    const options = { maxLogs, maxBytes, omissions: this.transfers };
    for (const [origin, records] of this.byOrigin(batch)) {
      const refuse = (record: TelemetryRecord, reason: DropReason): void => tally.drop([record], reason);
      const batches = logBatches(records, origin.authenticated, options, refuse);
      for await (const logs of batches) {
        if (signal?.aborted) return tally.result();
        const shown = logs.map(({ record }) => record);
        if (await this.show(origin, requestBody(logs))) tally.deliver(shown);
        else tally.drop(shown, 'invalid');
      }
    }
    return tally.result();
  }

  async close(): Promise<void> {
    // Holds nothing.
  }

  private byOrigin(batch: readonly TelemetryRecord[]): Map<RecordOrigin, TelemetryRecord[]> {
    const groups = new Map<RecordOrigin, TelemetryRecord[]>();
    for (const record of batch) {
      const origin = record.connection?.origin ?? this.ownOrigin;
      const group = groups.get(origin);
      if (group === undefined) groups.set(origin, [record]);
      else group.push(record);
    }
    return groups;
  }

  private async show(origin: RecordOrigin, body: Buffer): Promise<boolean> {
    try {
      const preview = this.previewOf(origin, body);
      if (preview === undefined) return false;
      const { dryRun } = this.config;
      if (typeof dryRun === 'string') await appendFile(dryRun, lineOf(preview), { mode: 0o600 });
      else await settled(dryRun, preview);
      return true;
    } catch (thrown) {
      debugLog(this.context, `dry run swallowed ${describeThrown(thrown)}`);
      return false;
    }
  }

  private previewOf(origin: RecordOrigin, body: Buffer): TelemetryPreview | undefined {
    if (this.destination === undefined) return undefined;
    const { protocol, hostname, port } = this.destination.target(origin);
    const [path] = this.destination.paths(origin.authenticated ? 'authenticated' : 'unauthenticated');
    const url = new URL(path, `${protocol}//${hostname}:${port}`).href;
    const headers = this.headersOf(origin);
    const host = this.hosts.get(this.destination.key);
    const compresses = isCompressed(body, this.config.compression, this.destination, host);
    return { method: 'POST', url, headers: compresses ? gzipHeaders(headers) : headers, body: body.toString('latin1') };
  }

  private headersOf(origin: RecordOrigin): Record<string, string> {
    if (!origin.authenticated) return anonymousHeaders(origin.userAgent);
    if (this.destination?.isWorkspace === true) return requestHeaders(origin, CREDENTIALS);
    return requestHeaders({ headers: {}, userAgent: origin.userAgent }, {});
  }
}

/** The preview as one line, its body as it is. */
function lineOf({ body, ...rest }: TelemetryPreview): string {
  return `${JSON.stringify(rest).slice(0, -1)},"body":${body}}\n`;
}

/** A function that turns out to be asynchronous is waited for, so that its rejection is not unhandled. */
async function settled(onPreview: OnPreview, preview: TelemetryPreview): Promise<void> {
  await (onPreview(preview) as unknown);
}
