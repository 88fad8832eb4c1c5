import { gunzipSync } from 'node:zlib';
import { hostKeyNamed } from '../../model/connection';
import { DEBUG_LINES } from '../../model/options';
import type { OnPreview, TelemetryPreview } from '../../model/optionRow';
import { debugLog, type LoggerOwner } from '../../util/debugLog';
import { describeThrown } from '../../util/thrown';
import { appendPrivately } from '../../util/privateFile';
import { withTimeout } from '../../util/clock';
import { Mutex } from '../../util/Mutex';
import type { HostRegistry, Slot } from '../hosts/HostRegistry';
import type { HttpOutcome, HttpRequest, HttpTarget, Transport } from './transport';

/** What a dry run shows in the place of credentials. */
export const SHOWN_CREDENTIALS = { authorization: '<credentials>' };

/** How long a disk or an asynchronous function may take. */
const SHOW_TIMEOUT_MS = 5000;

const ACCEPTED: HttpOutcome = { kind: 'response', status: 200, retryAfter: undefined, body: undefined };
/** Shown nowhere: the records are lost, whatever their receiver would have said. */
const REFUSED: HttpOutcome = { kind: 'invalid', name: 'DryRunError', code: undefined };

/** Where requests are shown. */
interface ShowPlace {
  readonly mutex: Mutex;
  /** A write has taken longer than it may, and has not come back. */
  isHung: boolean;
}

const newPlace = (): ShowPlace => ({ mutex: new Mutex(), isHung: false });
const PLACE_SLOT: Slot<ShowPlace> = { create: newPlace };

/**
 * Shows each request instead of making it (`telemetryDryRun`): to a function, in a file that only its owner can read, or in
 * a debug line. Nothing goes to the network. All who write to one file take turns: a disk that hangs holds one thread of
 * the process's pool, not all of them.
 */
export function dryRunTransport(dryRun: string | OnPreview, owner: LoggerOwner, hosts: HostRegistry): Transport {
  const place =
    typeof dryRun === 'string' ? hosts.get(hostKeyNamed(`dry run to ${dryRun}`)).get(PLACE_SLOT) : newPlace();
  return async (target, request, timeoutMs, signal, clock) => {
    const release = await place.mutex.acquire(signal);
    if (release === undefined) return { kind: 'aborted' };
    try {
      if (place.isHung) return REFUSED;
      const showing = Promise.resolve().then(() => show(dryRun, previewOf(target, request), owner));
      const end = await withTimeout(clock, showing, Math.min(timeoutMs, SHOW_TIMEOUT_MS), signal);
      if (end.kind === 'fulfilled') return ACCEPTED;
      if (end.kind === 'timeout') {
        place.isHung = true;
        const comeBack = (): void => void (place.isHung = false);
        void showing.then(comeBack, comeBack);
      }
      const why = end.kind === 'rejected' ? describeThrown(end.reason) : 'TimeoutError';
      debugLog(owner, `dry run swallowed ${why}`);
      return signal.aborted ? { kind: 'aborted' } : REFUSED;
    } finally {
      release();
    }
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
