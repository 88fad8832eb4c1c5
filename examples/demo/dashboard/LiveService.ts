import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from './assignment';

const STOP_MS = 8_000;

/** The process of one service, from the parent's side. */
export class LiveService {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it on version `driver` of the driver; the one that this process runs on when not given. */
  static start(order: Extract<Order, { kind: 'work' }>, driver?: string): LiveService {
    const environment = driver === undefined ? {} : { DATABRICKS_SQL_DRIVER: driver };
    const child = fork(join(__dirname, `serviceProcess${extname(__filename)}`), {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(order);
    return new LiveService(child);
  }

  break(forMs: number): void {
    this.send({ kind: 'break', forMs });
  }

  /** Ends it within some seconds, in peace if possible. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.send({ kind: 'stop' });
    const patience = new AbortController();
    await Promise.race([exit, sleep(STOP_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
    this.child.kill('SIGKILL');
    await exit;
  }

  private send(order: Order): void {
    if (this.child.connected) this.child.send(order);
  }
}
