import { accountOf, type Account } from '../../model/account';
import { CHANNELS, type HealthRequest } from '../../model/messages';
import { guardedChannel } from './guardedChannel';

/** Whoever keeps accounts of records. */
export interface HealthSource {
  getTelemetryStats():
    | (Account & { readonly host: string; readonly exporters: ReadonlyArray<Account & { readonly name: string }> })
    | undefined;
}

const answering = new WeakSet<HealthSource>();

/** Has `source` answer whoever asks on `databricks-sql:health`, for as long as somebody else holds it. Idempotent. */
export function answerHealth(source: HealthSource): void {
  if (answering.has(source)) return;
  answering.add(source);
  const { channel } = guardedChannel(CHANNELS.health);
  const reference = new WeakRef(source);
  const answer = (message: unknown): void => {
    const held = reference.deref();
    if (held === undefined) return void channel.unsubscribe(answer);
    const stats = held.getTelemetryStats();
    if (stats === undefined) return;
    const request = message as HealthRequest;
    const { host, exporters } = stats;
    if (stats.collected > 0 || exporters.length === 0) request.report({ receiver: host, ...accountOf(stats) });
    for (const exporter of exporters) request.report({ receiver: exporter.name, ...accountOf(exporter) });
  };
  channel.subscribe(answer);
}
