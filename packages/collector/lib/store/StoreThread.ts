import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { JournalPosition } from '../journal/format';
import type { FromStore, LoadReport, StoreRequest, StoreThreadData, ToStore } from './protocol';
import type { AnswerOf, ParametersOf, QueryName } from './queries';
import type { Selection } from './Selection';
import { StoreFailure } from './StoreFailure';
import type { ExpireReport, ExportFormat, HistoryRow, Removal, Store } from './Store';

export interface StoreEvents {
  readonly onLoaded: (report: LoadReport) => void;
  readonly onStuck: (message: string) => void;
  /** The thread has ended by itself: nothing more is loaded or answered. */
  readonly onDied: (error: Error) => void;
}

/** An engine that is away does not hold up the end: the journal keeps what was not loaded. */
const AWAY_MS = 10_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The store, as the answering thread sees it: every call is a message to another thread. */
export class StoreThread implements Store {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private closing = false;

  private constructor(
    private readonly worker: Worker,
    readonly position: JournalPosition,
    private readonly events: StoreEvents,
    private readonly closeWithinMs: number | undefined,
  ) {
    worker.on('message', (message: FromStore) => this.take(message));
    worker.on('error', (error) => this.died(error));
    worker.on('exit', () => this.died(new Error('The thread of the store has ended.')));
  }

  /** Resolves when the database is open; rejects with the reason when it is not, e.g. that another process has it. */
  static async start(data: StoreThreadData, events: StoreEvents): Promise<StoreThread> {
    const extension = extname(__filename);
    // Run from its sources, the thread needs the same loader as its parent.
    const execArgv = extension === '.ts' ? ['-r', '@swc-node/register'] : [];
    const worker = new Worker(join(__dirname, `threadMain${extension}`), { workerData: data, execArgv });
    const position = await new Promise<JournalPosition>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (message: FromStore) => {
        if (message.kind === 'ready') resolve(message.position);
        else reject(refusal(message));
      });
    }).catch(async (error: unknown) => {
      await worker.terminate();
      throw error;
    });
    worker.removeAllListeners('error');
    return new StoreThread(worker, position, events, data.engine.kind === 'duckdb' ? undefined : AWAY_MS);
  }

  committed(position: JournalPosition): void {
    this.post({ kind: 'committed', position });
  }

  watch(on: boolean): void {
    this.post({ kind: 'watch', on });
  }

  async query<N extends QueryName>(name: N, parameters: ParametersOf<N>): Promise<AnswerOf<N>> {
    return (await this.ask({ op: 'query', name, parameters })) as AnswerOf<N>;
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

  async export(selection: Selection, format: ExportFormat): Promise<string> {
    return (await this.ask({ op: 'export', selection, format })) as string;
  }

  async backup(): Promise<string> {
    return (await this.ask({ op: 'backup' })) as string;
  }

  async size(): Promise<number> {
    return (await this.ask({ op: 'size' })) as number;
  }

  /** Loads what is committed, closes the database, ends the thread. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    const closed = this.ask({ op: 'close' });
    const late = this.closeWithinMs === undefined ? [] : [sleep(this.closeWithinMs, undefined, { ref: false })];
    await Promise.race([closed, ...late]).finally(() => this.worker.terminate());
  }

  private ask(request: StoreRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.nextId;
      this.nextId += 1;
      this.pending.set(id, { resolve, reject });
      this.post({ kind: 'request', id, request });
    });
  }

  private post(message: ToStore): void {
    this.worker.postMessage(message);
  }

  private take(message: FromStore): void {
    switch (message.kind) {
      case 'loaded':
        this.events.onLoaded(message.report);
        return;
      case 'stuck':
        this.events.onStuck(message.message);
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

  private died(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    if (!this.closing) this.events.onDied(error);
    this.closing = true;
  }
}

function failureOf({ code, message }: Extract<FromStore, { kind: 'failure' }>): Error {
  return code === undefined ? new Error(message) : new StoreFailure(code, message);
}

function refusal(message: FromStore): Error {
  if (message.kind !== 'refused') return new Error('The thread of the store did not start.');
  const error = new Error(
    /lock/i.test(message.message)
      ? `The data folder is in use by another process. ${message.message}`
      : message.message,
  );
  error.name = message.name;
  return error;
}
