import type { ClientPhases, ServerPhases } from '../../../lib/store/queries/clientServer';

export interface TimePart {
  readonly name: string;
  readonly color: string;
  /** Mean milliseconds; null is not told. */
  readonly value: number | null;
}

const mean = (sum: number | null, statements: number): number | null =>
  sum === null || statements === 0 ? null : sum / statements;

/** Both sides, from sums over `joined` statements. */
export function serverParts(server: ServerPhases, joined: number): readonly TimePart[] {
  const of = (name: string, color: string, sum: number | null): TimePart => ({ name, color, value: mean(sum, joined) });
  return [
    of('Cold start', '--c4', server.coldStartMs),
    of('Queued', '--c6', server.queuedMs),
    of('Compile', '--c5', server.compilationMs),
    of(
      'Execute',
      '--c1',
      server.executionMs === null ? null : server.executionMs + Math.max(0, server.serverOtherMs ?? 0),
    ),
    of(
      'Network & polling',
      '--c7',
      server.networkAndPollingMs === null ? null : Math.max(0, server.networkAndPollingMs),
    ),
    of('Client consume', '--c3', server.clientMs),
  ];
}

/** The drivers' side alone, from sums over `statements`. */
export function clientParts(client: ClientPhases, statements: number): readonly TimePart[] {
  const of = (name: string, color: string, sum: number | null): TimePart => ({
    name,
    color,
    value: mean(sum, statements),
  });
  return [of('Backend', '--c1', client.latencyMs), of('Client consume', '--c3', client.consumeMs)];
}
