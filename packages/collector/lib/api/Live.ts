import type { ServerResponse } from 'node:http';
import { HttpError } from '../http/reply';
import type { Exchange } from '../http/Router';
import { summaryOf, type StatementSummary } from '../store/queries/summary';
import type { LoadReport } from '../store/protocol';
import { DIMENSION_FILTERS, STATEMENT_FILTERS, UNKNOWN, type Selection } from '../store/Selection';
import { LIVE_PARAMETERS, Parameters } from './parameters';
import type { LiveHealth } from './Endpoint';

const MAX_PER_EVENT = 200;
const MAX_STORED = 50;
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;
const HEALTH_EVERY_MS = 2_000;
/** Each gets its own selection of everything that arrives, on the thread that takes it in. */
const MAX_WATCHERS = 100;

interface Watcher {
  readonly response: ServerResponse;
  readonly selection: Selection;
  readonly isStillGranted: () => boolean;
}

/** What the live view asks the rest of the collector. */
export interface LiveParts {
  readonly onWatched: (watched: boolean) => void;
  readonly health: () => Promise<LiveHealth>;
  /** The newest stored statements of a selection, newest first. */
  readonly newest: (selection: Selection, limit: number) => Promise<readonly StatementSummary[]>;
}

/** Server-sent events of what becomes visible. A watcher that reads too slowly gets fewer, and is told how many not. */
export class Live {
  private readonly watchers = new Set<Watcher>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly parts: LiveParts) {}

  async watch({ message, url, response, isStillGranted }: Exchange): Promise<void> {
    const parameters = new Parameters(url.searchParams, LIVE_PARAMETERS, Date.now());
    const selection = parameters.selection();
    if (this.closed) throw new HttpError(503, 'stopping', 'The collector stops.', { 'retry-after': '2' });
    if (this.watchers.size >= MAX_WATCHERS) {
      throw new HttpError(429, 'too_many_watchers', 'Too many watch already.', { 'retry-after': '30' });
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    if (message.method === 'HEAD') {
      response.end();
      return;
    }
    response.write('retry: 2000\n\n');
    const watcher = { response, selection, isStillGranted };
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.start();
    response.on('close', () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) this.stop();
    });
    // What is loaded meanwhile is sent meanwhile: a statement may come twice, and none is missed.
    if (parameters.integer('from') !== undefined) await this.sendStored(watcher);
  }

  private async sendStored({ response, selection }: Watcher): Promise<void> {
    try {
      const stored = await this.parts.newest(selection, MAX_STORED);
      if (!response.writableEnded) send(response, 'statements', { statements: stored.toReversed(), left: 0 });
    } catch {
      // Whoever reads comes back, with the same question.
      response.end();
    }
  }

  loaded({ statements }: LoadReport): void {
    if (this.watchers.size === 0 || statements.length === 0) return;
    const summaries = statements.map((row) => summaryOf(row));
    for (const { response, selection } of this.watchers) {
      if (response.writableEnded) continue;
      const fitting = summaries.filter((summary) => fits(summary, selection));
      if (fitting.length === 0) continue;
      const shown = response.writableLength > MAX_BUFFERED_BYTES ? [] : fitting.slice(-MAX_PER_EVENT);
      send(response, 'statements', { statements: shown, left: fitting.length - shown.length });
    }
  }

  /** Ends every stream; none begins any more. */
  close(): void {
    this.closed = true;
    for (const { response } of this.watchers) response.end();
    this.watchers.clear();
    this.stop();
  }

  private start(): void {
    this.parts.onWatched(true);
    this.timer = setInterval(() => {
      for (const { response, isStillGranted } of this.watchers) if (!isStillGranted()) response.end();
      this.parts.health().then(
        (health) => {
          for (const { response } of this.watchers) if (!response.writableEnded) send(response, 'health', health);
        },
        () => undefined,
      );
    }, HEALTH_EVERY_MS);
    this.timer.unref();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.parts.onWatched(false);
  }
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function fits(summary: StatementSummary, { filters, measure, minMs, maxMs }: Selection): boolean {
  const value = summary[measure];
  if (minMs !== undefined && (value === null || value < minMs)) return false;
  if (maxMs !== undefined && (value === null || value >= maxMs)) return false;
  const columns = [...DIMENSION_FILTERS.map((name) => [name, name] as const), ...Object.entries(STATEMENT_FILTERS)];
  return columns.every(([name, column]) => {
    const wanted = filters[name as keyof typeof filters];
    return wanted === undefined || wanted.includes(summary[column as keyof StatementSummary]?.toString() ?? UNKNOWN);
  });
}
