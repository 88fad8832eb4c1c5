import type { CollectorClient } from 'databricks-telemetry-collector';
import { deliver, loaded } from '../testCollector';
import { type Fleet } from './Fleet';
import { historyOf } from './history';
import { logsOf } from './logs';
import { SERVICES, type Service } from './services';
import { versionAt } from './story';

const BATCH = 500;
/** Query history lags behind. */
const HISTORY_LAG_MS = 4 * 60_000;
/** Of the records of each process: lost while the collector was away, and not yet sent. */
export const DROPPED = 12;
export const WAITING = 3;

/** Sends a fleet to a collector as its drivers would, and waits until all of it can be asked for. */
export async function fill(address: string, client: CollectorClient, fleet: Fleet): Promise<void> {
  const logs = logsOf(fleet.sessions, fleet.statements).map(({ log }) => log);
  for (let i = 0; i < logs.length; i += BATCH) await deliver(address, logs.slice(i, i + BATCH));
  await Promise.all(SERVICES.map((service) => introduce(address, service, fleet)));
  await loaded(client, logs.length);
  const history = historyOf(fleet.statements, fleet.story.endMs - HISTORY_LAG_MS);
  const response = await fetch(`${address}/api/v1/query-history`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: history.map((row) => JSON.stringify(row)).join('\n'),
  });
  if (!response.ok) throw new Error(`The query history was not taken: ${response.status}`);
}

/** Each process that runs this library asks for its configuration. */
async function introduce(address: string, service: Service, { story, statements }: Fleet): Promise<void> {
  if (service.sender !== 'library') return;
  const version = versionAt(story, service, story.endMs);
  const path = `/api/2.0/connector-service/feature-flags/NODEJS/${version.driver}`;
  const own = statements.filter((statement) => statement.service === service.name).length;
  const collected = Math.ceil(own / service.processes);
  const dropped = service.name === story.burst.service ? DROPPED : 0;
  for (let i = 1; i <= service.processes; i += 1) {
    await fetch(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        service: service.name,
        processId: `${service.name}-${i}`,
        libraryVersion: '0.1.0',
        runtimeVersion: version.runtime,
        options: {
          telemetryEnabled: { value: true, setBy: 'constructor' },
          telemetryLogLevel: { value: 'info', setBy: 'default' },
          telemetrySampleRate: { value: 1, setBy: 'default' },
        },
        account: {
          ...{ collected, delivered: collected - dropped - WAITING, rejected: 0, sampled: 0, pending: WAITING },
          dropped: dropped === 0 ? {} : { breaker_open: dropped },
        },
      }),
    });
  }
}
