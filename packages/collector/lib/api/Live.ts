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
const MAX_BUFFERED_BYTES = 2 ** 20;
const HEALTH_EVERY_MS = 2_000;
/** Each gets its own selection of everything that arrives, on the thread that takes it in. */
const MAX_WATCHERS = 100;

interface Watcher {
  readonly response: ServerResponse;
  readonly selection: Selection;
  /** The same for those who watch the same. */
  readonly watches: string;
  readonly isStillGranted: () => boolean;
  /** Statements that it was not sent and not told of yet. */
  left: number;
}

/** What the live view asks the rest of the collector. */
export interface LiveParts {
  readonly onWatched: (watched: boolean) => void;
  readonly health: () => Promise<LiveHealth>;
  /** The newest stored statements of a selection, newest first. */
  readonly newest: (selection: Selection, limit: number) => Promise<readonly StatementSummary[]>;
}

/**
 * Server-sent events of what becomes visible. A watcher that reads too slowly gets fewer, and is told how many not when it
 * has read on.
 */
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
    const watcher = { response, selection, watches: watchedBy(selection), isStillGranted, left: 0 };
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.start();
    response.on('close', () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) this.stop();
    });
    // What is loaded meanwhile is sent meanwhile: a statement may come twice, and none is missed.
    if (parameters.integer('from') !== undefined) await this.sendStored(watcher);
  }

  private async sendStored(watcher: Watcher): Promise<void> {
    try {
      const stored = await this.parts.newest(watcher.selection, MAX_STORED);
      send(watcher, statementsEvent(stored.toReversed(), 0));
    } catch {
      // Whoever reads comes back, with the same question.
      watcher.response.end();
    }
  }

  loaded({ statements }: LoadReport): void {
    if (this.watchers.size === 0 || statements.length === 0) return;
    const summaries = statements.map((row) => summaryOf(row));
    // Made once for all who watch the same, and held once for those who have not read it yet.
    const events = new Map<string, { readonly event: Buffer; readonly count: number }>();
    for (const watcher of this.watchers) {
      let made = events.get(watcher.watches);
      if (made === undefined) {
        const fitting = summaries.filter((summary) => fits(summary, watcher.selection));
        const shown = fitting.slice(-MAX_PER_EVENT);
        made = { event: statementsEvent(shown, fitting.length - shown.length), count: fitting.length };
        events.set(watcher.watches, made);
      }
      if (made.count > 0) send(watcher, made.event, made.count);
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
          const event = eventOf('health', health);
          for (const watcher of this.watchers) send(watcher, event);
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

/** Sends an event, unless what came before has not been read; of its statements the watcher is told later then. */
function send(watcher: Watcher, event: Buffer, statements = 0): void {
  const { response, left } = watcher;
  if (response.writableEnded) return;
  if (response.writableLength > MAX_BUFFERED_BYTES) {
    watcher.left += statements;
    return;
  }
  if (left > 0) response.write(statementsEvent([], left));
  watcher.left = 0;
  response.write(event);
}

const eventOf = (event: string, data: unknown): Buffer =>
  Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

const statementsEvent = (statements: readonly StatementSummary[], left: number): Buffer =>
  eventOf('statements', { statements, left });

/** What `fits` looks at. */
const watchedBy = ({ filters, measure, minMs, maxMs }: Selection): string =>
  JSON.stringify([filters, measure, minMs, maxMs]);

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
