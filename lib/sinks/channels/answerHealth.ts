import { CHANNELS, type HealthReport, type HealthRequest } from '../../model/messages';
import { guardedChannel } from './guardedChannel';

/** Whoever keeps accounts of records. */
export interface HealthSource {
  reports(): readonly HealthReport[];
}

const answering = new WeakSet<HealthSource>();

/** Has `source` answer whoever asks on `databricks-sql:health`, from now on. Idempotent. */
export function answerHealth(source: HealthSource): void {
  if (answering.has(source)) return;
  answering.add(source);
  guardedChannel(CHANNELS.health).channel.subscribe((message) => {
    for (const report of source.reports()) (message as HealthRequest).report(report);
  });
}
