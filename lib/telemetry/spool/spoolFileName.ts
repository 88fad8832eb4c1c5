import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** Whose a spool file is. The receiver is in the name, so that no process opens what belongs to another host. */
export interface SpoolFileName {
  /** Names host and telemetry endpoint without giving them away. */
  readonly receiver: string;
  readonly machine: string;
  /** The process that writes the file; 0: nobody any more. */
  readonly pid: number;
  /** Random: one for each spool, since pids come again and a process may have several. */
  readonly owner: string;
  readonly sequence: number;
}

const PATTERN = /^telemetry-([\da-f]{16})-([\da-f]{8})-(\d{1,10})-([\da-f]{12})-(\d{1,10})\.spool$/;

export function formatSpoolFileName({ receiver, machine, pid, owner, sequence }: SpoolFileName): string {
  return `telemetry-${receiver}-${machine}-${pid}-${owner}-${sequence}.spool`;
}

/** Undefined for a file that is not a spool's. */
export function parseSpoolFileName(name: string): SpoolFileName | undefined {
  const [, receiver, machine, pid, owner, sequence] = PATTERN.exec(name) ?? [];
  if (receiver === undefined || machine === undefined || owner === undefined) return undefined;
  return { receiver, machine, pid: Number(pid), owner, sequence: Number(sequence) };
}

export function receiverName(host: string, endpoint: string): string {
  return digest(JSON.stringify([host, endpoint])).slice(0, 16);
}

/** Pids mean something on one machine only. */
export const THIS_MACHINE = digest(hostname()).slice(0, 8);

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
