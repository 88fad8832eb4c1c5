import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError, sendJson, type HttpError } from '../http/reply';
import { ask, type Answer } from './ask';
import { mergeFlags, parseFlags, type FlagAnswer } from './flags';
import { endToEnd } from './headers';
import type { Home } from './Home';
import type { TelemetryMode } from './options';
import type { Origin } from './Origin';

const ANSWER_MS = 10_000;
/** The answer is read here: it comes as it is, and nothing follows the request. */
const NOT_ASKED: ReadonlySet<string> = new Set(['host', 'accept-encoding', 'expect', 'content-length', 'trailer']);

export interface FlagParts {
  readonly mode: TelemetryMode;
  readonly upstream: Origin;
  readonly home: Home;
  /** The answer to give when the workspace has none. */
  readonly unanswered: (error: unknown) => HttpError;
  readonly onCollectorAway: (error: unknown) => void;
}

/** Answers a driver's flag request: the workspace is asked for its flags, the collector for those of telemetry. */
export class FlagService {
  constructor(private readonly parts: FlagParts) {}

  /** Never rejects. */
  async answer(message: IncomingMessage, response: ServerResponse, client: string, version: string): Promise<void> {
    const { upstream, home, onCollectorAway } = this.parts;
    message.resume();
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), ANSWER_MS);
    response.once('close', () => over.abort());
    const head = { method: 'GET', path: message.url ?? '/', headers: endToEnd(message, NOT_ASKED) };
    const [asked, atHome] = await Promise.allSettled([
      ask(upstream, head, undefined, over.signal),
      ask(home.origin, home.flagRequest(message, client, version), undefined, over.signal),
    ]);
    clearTimeout(timer);
    if (response.destroyed) return;
    if (atHome.status === 'rejected') onCollectorAway(atHome.reason);
    this.send(response, asked, atHome.status === 'fulfilled' ? flagsOf(atHome.value) : undefined);
  }

  private send(response: ServerResponse, asked: PromiseSettledResult<Answer>, atHome: FlagAnswer | undefined): void {
    const { mode, unanswered } = this.parts;
    if (asked.status === 'rejected') {
      const { status, code, message } = unanswered(asked.reason);
      if (mode === 'copy') sendError(response, status, code, message);
      else sendJson(response, 200, mergeFlags(mode, undefined, atHome));
      return;
    }
    const { status, headers, body } = asked.value;
    const flags = flagsOf(asked.value);
    // Who may not ask the workspace learns nothing here either.
    const isRefused = status === 401 || status === 403;
    if (flags !== undefined || (mode === 'keep' && !isRefused)) {
      sendJson(response, 200, mergeFlags(mode, flags, atHome));
      return;
    }
    const type = headers['content-type'];
    response.writeHead(status, type === undefined ? {} : { 'content-type': type });
    response.end(body);
  }
}

const flagsOf = ({ status, body }: Answer): FlagAnswer | undefined => (status === 200 ? parseFlags(body) : undefined);
