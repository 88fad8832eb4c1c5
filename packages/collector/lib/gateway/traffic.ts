/** What a request is about. */
export type Traffic =
  | { readonly kind: 'telemetry'; readonly path: string }
  | { readonly kind: 'flags'; readonly client: string; readonly version: string }
  | { readonly kind: 'other' };

const TELEMETRY = /^telemetry-(?:ext|unauth)$/i;
const MAX_DECODINGS = 3;

/** Total. Any spelling that some server could take for a telemetry path counts as one: what stays at home stays. */
export function trafficOf(url: string): Traffic {
  const segments = segmentsOf(url);
  const last = segments.at(-1) ?? '';
  if (TELEMETRY.test(last)) return { kind: 'telemetry', path: `/${last.toLowerCase()}` };
  const [service, flags, client, version] = segments.slice(-4);
  if (
    service?.toLowerCase() === 'connector-service' &&
    flags?.toLowerCase() === 'feature-flags' &&
    client !== undefined &&
    version !== undefined
  ) {
    return { kind: 'flags', client, version };
  }
  return { kind: 'other' };
}

/** The segments of the path, decoded, without empty ones, dots, parameters and what stands behind an encoded `?`. */
function segmentsOf(url: string): string[] {
  const segments: string[] = [];
  for (const part of decoded(url.replace(/[?#].*$/s, '')).split(/[/\\]/)) {
    const segment = part.replace(/[;?#\0].*$/s, '').trim();
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments;
}

/** Decoded until nothing changes: servers behind servers decode more than once. */
function decoded(path: string): string {
  let text = path;
  for (let i = 0; i < MAX_DECODINGS; i += 1) {
    const next = text.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
    if (next === text) break;
    text = next;
  }
  return text;
}
