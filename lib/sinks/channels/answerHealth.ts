import { CHANNELS, type HealthReport, type HealthRequest } from '../../model/messages';
import { guardedChannel } from './guardedChannel';

/** Whoever keeps accounts of records. */
export interface HealthSource {
  getTelemetryStats(): (Omit<HealthReport, 'receiver'> & { readonly host: string }) | undefined;
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
    const { host: receiver, collected, delivered, rejected, dropped, pending } = stats;
    (message as HealthRequest).report({ receiver, collected, delivered, rejected, dropped, pending });
  };
  channel.subscribe(answer);
}
