import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { atMost } from '../atMost';
import type { JournalPosition } from '../journal/format';
import type { SharedRules } from '../steering/Configuration';
import type { AuditEntry } from '../steering/rules';
import type { FromStore, LoadReport, PutAside, StoreRequest, StoreThreadData, ToStore } from './protocol';
import type { AnswerOf, ParametersOf, QueryName } from './queries';
import type { Selection } from './Selection';
import { startThread, type StartedThread } from './startThread';
import { StoreFailure } from './StoreFailure';
import type { ExpireReport, ExportFormat, HistoryRow, Removal, Store } from './Store';

export interface StoreEvents {
  readonly onLoaded: (report: LoadReport) => void;
  readonly onStuck: (message: string) => void;
  readonly onPutAside: (aside: PutAside) => void;
  /** The thread has ended by itself, or does not start again. Until it does nothing is loaded or answered. */
  readonly onDied: (error: unknown) => void;
  readonly onReopened: () => void;
}

/** An engine that is away does not hold up the end: the journal keeps what was not loaded. */
const AWAY_MS = 10_000;
const RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The store, as the answering thread sees it: every call is a message to another thread. A thread that ends by itself is
 * started again; until then calls reject with a StoreFailure.
 */
export class StoreThread implements Store, SharedRules {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private closing = false;
  private worker: Worker | undefined;
  private last: JournalPosition | undefined;
  private watched = false;

  /** Up to where the journal was loaded at the start. */
  readonly position: JournalPosition;

  private constructor(
    { worker, position }: StartedThread,
    private readonly data: StoreThreadData,
    private readonly events: StoreEvents,
  ) {
    this.position = position;
    this.take(worker);
  }

  /** Resolves when the database is open; rejects with the reason when it is not, e.g. that another process has it. */
  static async start(data: StoreThreadData, events: StoreEvents): Promise<StoreThread> {
    return new StoreThread(await startThread(data), data, events);
  }

  committed(position: JournalPosition): void {
    this.last = position;
    this.post({ kind: 'committed', position });
  }

  watch(on: boolean): void {
    this.watched = on;
    this.post({ kind: 'watch', on });
  }

  async query<N extends QueryName>(name: N, parameters: ParametersOf<N>, signal?: AbortSignal): Promise<AnswerOf<N>> {
    return (await this.ask({ op: 'query', name, parameters }, signal)) as AnswerOf<N>;
  }

  async expire(beforeMs: number, maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    return (await this.ask({ op: 'expire', beforeMs, maxBytes, dryRun })) as ExpireReport;
  }

  async archive(nowMs: number): Promise<void> {
    await this.ask({ op: 'archive', nowMs });
  }

  async remove(removal: Removal): Promise<number> {
    return (await this.ask({ op: 'remove', removal })) as number;
  }

  async addHistory(rows: readonly HistoryRow[]): Promise<number> {
    return (await this.ask({ op: 'history', rows })) as number;
  }

  async export(selection: Selection, format: ExportFormat, signal?: AbortSignal): Promise<string> {
    return (await this.ask({ op: 'export', selection, format }, signal)) as string;
  }

  async backup(): Promise<string> {
    return (await this.ask({ op: 'backup' })) as string;
  }

  async size(): Promise<number> {
    return (await this.ask({ op: 'size' })) as number;
  }

  async ruleChanges(): Promise<AuditEntry[]> {
    return (await this.ask({ op: 'ruleChanges' })) as AuditEntry[];
  }

  async addRuleChanges(changes: readonly AuditEntry[]): Promise<void> {
    await this.ask({ op: 'addRuleChanges', changes });
  }

  /** Loads what is committed, closes the database, ends the thread. Whoever asks from now on is refused. */
  async close(): Promise<void> {
    if (this.closing) return;
    const { worker } = this;
    const closed = worker === undefined ? Promise.resolve() : this.ask({ op: 'close' });
    this.closing = true;
    const ended = this.data.engine.kind === 'duckdb' ? closed : atMost(AWAY_MS, closed);
    await ended.finally(() => worker?.terminate());
  }

  private ask(request: StoreRequest, signal?: AbortSignal): Promise<unknown> {
    if (this.worker === undefined || this.closing) return Promise.reject(isReopening());
    const id = this.nextId;
    this.nextId += 1;
    const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.post({ kind: 'request', id, request });
    signal?.addEventListener('abort', () => this.post({ kind: 'abandon', id }), { once: true });
    return answer;
  }

  private post(message: ToStore): void {
    this.worker?.postMessage(message);
  }

  private take(worker: Worker): void {
    this.worker = worker;
    worker.on('message', (message: FromStore) => this.hear(message));
    // One that fails ends right after it.
    let reason: unknown = new Error('The thread of the store has ended.');
    worker.on('error', (error) => (reason = error));
    worker.on('exit', () => this.died(reason));
  }

  private hear(message: FromStore): void {
    switch (message.kind) {
      case 'loaded':
        this.events.onLoaded(message.report);
        return;
      case 'stuck':
        this.events.onStuck(message.message);
        return;
      case 'aside':
        this.events.onPutAside(message.aside);
        return;
      case 'answer':
        this.settle(message.id)?.resolve(message.value);
        return;
      case 'failure':
        this.settle(message.id)?.reject(failureOf(message));
        return;
      case 'ready':
      case 'refused':
        return;
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private died(error: unknown): void {
    this.worker = undefined;
    for (const { reject } of this.pending.values()) reject(isReopening());
    this.pending.clear();
    if (this.closing) return;
    this.events.onDied(error);
    void this.restart();
  }

  /** Tries until a thread has started. Never rejects. */
  private async restart(): Promise<void> {
    for (let waitMs = RESTART_MS; ; waitMs = Math.min(2 * waitMs, MAX_RESTART_MS)) {
      await sleep(waitMs, undefined, { ref: false });
      if (this.closing) return;
      const started = await startThread(this.data).catch((error: unknown) => this.events.onDied(error));
      if (started === undefined) continue;
      if (this.closing) await started.worker.terminate();
      else this.reopened(started.worker);
      return;
    }
  }

  private reopened(worker: Worker): void {
    this.take(worker);
    this.events.onReopened();
    this.post({ kind: 'watch', on: this.watched });
    if (this.last !== undefined) this.post({ kind: 'committed', position: this.last });
  }
}

const isReopening = (): StoreFailure => new StoreFailure('reopening', 'The store is being opened again.');

function failureOf({ code, message }: Extract<FromStore, { kind: 'failure' }>): Error {
  return code === undefined ? new Error(message) : new StoreFailure(code, message);
}
