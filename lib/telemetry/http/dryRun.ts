import { gunzipSync } from 'node:zlib';
import { DEBUG_LINES } from '../../model/options';
import type { OnPreview, TelemetryPreview } from '../../model/optionTable';
import { debugLog, describeThrown, type LoggerOwner } from '../../util/debugLog';
import { appendPrivately } from '../../util/privateFile';
import { withTimeout } from '../../util/clock';
import type { HttpOutcome, HttpRequest, HttpTarget, Transport } from './transport';

/** What a dry run shows in the place of credentials. */
export const SHOWN_CREDENTIALS = { authorization: '<credentials>' };

/** How long a disk or an asynchronous function may take. */
const SHOW_TIMEOUT_MS = 5000;

const ACCEPTED: HttpOutcome = { kind: 'response', status: 200, retryAfter: undefined, body: undefined };
const NOT_SHOWN: HttpOutcome = { kind: 'invalid', name: 'Error', code: undefined };

/**
 * Shows each request instead of making it (`telemetryDryRun`): to a function, in a file that only its owner can read, or in
 * a debug line. Nothing goes to the network.
 */
export function dryRunTransport(dryRun: string | OnPreview, owner: LoggerOwner): Transport {
  // A disk that hangs holds one thread of the pool, not all of them.
  let isShowing = false;
  return async (target, request, timeoutMs, signal, clock) => {
    if (isShowing) return NOT_SHOWN;
    isShowing = true;
    const showing = Promise.resolve()
      .then(() => show(dryRun, previewOf(target, request), owner))
      .finally(() => (isShowing = false));
    const end = await withTimeout(clock, showing, Math.min(timeoutMs, SHOW_TIMEOUT_MS), signal);
    if (end.kind === 'fulfilled') return ACCEPTED;
    const why = end.kind === 'rejected' ? describeThrown(end.reason) : 'TimeoutError';
    debugLog(owner, `dry run swallowed ${why}`);
    return signal.aborted ? { kind: 'aborted' } : NOT_SHOWN;
  };
}

function previewOf(
  { protocol, hostname, port }: HttpTarget,
  { path, headers, body = '' }: HttpRequest,
): TelemetryPreview {
  const url = new URL(path, `${protocol}//${hostname}:${port}`).href;
  const bytes = Buffer.from(body);
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return { method: 'POST', url, headers, body: plain.toString('latin1') };
}

async function show(dryRun: string | OnPreview, preview: TelemetryPreview, owner: LoggerOwner): Promise<void> {
  // A function that turns out to be asynchronous is waited for, so that its rejection is not unhandled.
  if (typeof dryRun === 'function') await (dryRun(preview) as unknown);
  else if (dryRun === DEBUG_LINES) debugLog(owner, `dry run: ${lineOf(preview)}`);
  else await appendPrivately(dryRun, `${lineOf(preview)}\n`);
}

/** The preview as one line, its body as it is. */
function lineOf({ body, ...rest }: TelemetryPreview): string {
  return `${JSON.stringify(rest).slice(0, -1)},"body":${body}}`;
}
