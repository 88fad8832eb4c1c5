import { createHash } from 'node:crypto';
import type { TelemetryRow } from '../../receive/decodeLog';

/** A log's identity: 128 bits of its event id and its sender. */
export interface EventKey {
  readonly high: bigint;
  readonly low: bigint;
}

/**
 * Event ids decide within one sender: not every driver makes UUIDs. A sender is a session, or where there is none, what
 * the log says of driver and workspace; both are the same on every attempt.
 */
export function eventKey(row: TelemetryRow): EventKey {
  const sender = row['sessionId'] ?? `${row['workspaceId'] ?? ''} ${row['driver'] ?? row['fallbackDriver'] ?? ''}`;
  const digest = createHash('md5').update(`${sender}\0${row.eventId}`).digest();
  return { high: digest.readBigInt64LE(0), low: digest.readBigInt64LE(8) };
}

/** A 64-bit key of a statement id. */
export function statementKey(statementId: string): bigint {
  return createHash('md5').update(statementId.toLowerCase()).digest().readBigInt64LE(0);
}
