import type { TelemetryRecord } from '../telemetry/types';

/** The error of a connection that did not come about: no session's record tells of it. */
export function isFailedConnect(record: TelemetryRecord): boolean {
  return record.kind === 'error' && (record.stage === 'connect' || record.stage === 'open_session');
}
