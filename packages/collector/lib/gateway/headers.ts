import type { IncomingMessage } from 'node:http';

/** Names and values in turn, as `rawHeaders` has them: order, case and repetitions stay. */
export type RawHeaders = readonly string[];

/** RFC 9110, 7.6.1 and 11.7: what is between two neighbours only. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Removing these would change what the message says or where it goes; Connection cannot name them. */
const NEVER_NAMED: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'content-type', 'host']);
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'host', 'trailer', 'content-encoding', 'content-type']);
/** Node.js frames the others as chunked when nothing is said. */
const USUALLY_EMPTY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

export function* pairsOf(raw: RawHeaders): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i + 1 < raw.length; i += 2) yield [raw[i] ?? '', raw[i + 1] ?? ''];
}

export const isChunked = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined;

/** The headers of `message` that concern its receiver, without those that `without` names (in lower case). */
export function endToEnd(message: IncomingMessage, without: ReadonlySet<string> = new Set()): string[] {
  const named = (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named.filter((name) => !NEVER_NAMED.has(name)), ...without]);
  // Trailers need chunks.
  if (!isChunked(message)) dropped.add('trailer');
  const kept: string[] = [];
  for (const [name, value] of pairsOf(message.rawHeaders)) {
    if (!dropped.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** How the body of a request is framed on the next connection, where its headers do not say so already. */
export function framingOf(message: IncomingMessage): string[] {
  if (isChunked(message)) return ['Transfer-Encoding', 'chunked'];
  if (message.headers['content-length'] !== undefined || USUALLY_EMPTY.has(message.method ?? '')) return [];
  return ['Content-Length', '0'];
}

/** Trailers that may be passed on: none that would change framing or routing. */
export function trailersOf(message: IncomingMessage): [string, string][] {
  return [...pairsOf(message.rawTrailers)]
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !FRAMING.has(name.toLowerCase()))
    .map(([name, value]) => [name, value]);
}
