import { hash } from 'node:crypto';
import type { TelemetryRow } from '../../receive/decodeLog';
import type { Key64 } from '../duckdb/Bloom';

/** For how long a second arrival of an event id is recognised, in milliseconds. */
export const DEDUPLICATED_FOR_MS = 48 * 3_600_000;

/** A log's identity: 128 bits of its event id and its sender. */
export interface EventKey {
  readonly high: bigint;
  readonly low: bigint;
  /** All of it as text, the same for equal keys only. */
  readonly name: string;
  /** The lower 64 bits again, for the filter. */
  readonly filter: Key64;
}

/**
 * Event ids decide within one sender: not every driver makes UUIDs. A sender is a session, or where there is none, what
 * the log says of driver and workspace; both are the same on every attempt.
 */
export function eventKey(row: TelemetryRow): EventKey {
  const sender = row['sessionId'] ?? `${row['workspaceId'] ?? ''} ${row['driver'] ?? row['fallbackDriver'] ?? ''}`;
  const digest = hash('md5', `${sender}\0${row.eventId}`, 'buffer');
  return {
    high: digest.readBigInt64LE(0),
    low: digest.readBigInt64LE(8),
    name: digest.toString('latin1'),
    filter: halves(digest),
  };
}

/** The filter's key of a stored event key. */
export function filterKey(high: bigint): Key64 {
  return { low: Number(BigInt.asUintN(32, high)), high: Number(BigInt.asUintN(32, high >> 32n)) };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A 64-bit key of a statement id. UUIDs are taken by their ends: their middle holds version and clock. */
export function statementKey(statementId: string): Key64 {
  const id = statementId.toLowerCase();
  if (UUID.test(id)) return { low: mixed(id.slice(0, 8), id.slice(19, 23)), high: parseInt(id.slice(28), 16) };
  return halves(hash('md5', id, 'buffer'));
}

/** Ids that count up differ in few bits: multiplying spreads them. */
function mixed(first: string, second: string): number {
  return Math.imul(parseInt(first, 16) ^ (parseInt(second, 16) << 16), 0x9e3779b1) >>> 0;
}

function halves(digest: Buffer): Key64 {
  return { low: digest.readUInt32LE(0), high: digest.readUInt32LE(4) };
}
