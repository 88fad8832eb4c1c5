import { unattended } from '../../util/unattended';

/** How long a process that ends by itself may wait for its last records. */
const EXIT_FLUSH_MS = 500;

/** Who may have something to send when the process ends. */
type Sender = { flush(deadlineMs: number): Promise<void> };

type ExitListener = ReturnType<NodeJS.Process['rawListeners']>[number];

/** Whether `listener` is called each time; `once` wraps what it is given. */
const isLasting = (listener: ExitListener): boolean => !('listener' in listener);

/**
 * One `beforeExit` listener for all clients of the process, present only while there are any. Each client is flushed
 * once: a flush that could not finish must not keep the process alive for another round. Where the application has a
 * lasting `beforeExit` listener there is no flush: `beforeExit` is emitted again after it, and that listener would run
 * more often than without telemetry. A client that the application has dropped may be collected as garbage, unless it is
 * held by what it has to send.
 */
export class ExitFlush {
  private readonly senders = new Set<WeakRef<Sender>>();
  private readonly collected = new FinalizationRegistry<WeakRef<Sender>>((held) => this.remove(held));

  constructor(private readonly processEvents: Pick<NodeJS.Process, 'once' | 'removeListener' | 'rawListeners'>) {}

  /** Registers `sender`; returns what takes it back. */
  add(sender: Sender): () => void {
    if (this.senders.size === 0) this.processEvents.once('beforeExit', this.onBeforeExit);
    const held = new WeakRef(sender);
    this.senders.add(held);
    this.collected.register(sender, held);
    return () => this.remove(held);
  }

  private remove(held: WeakRef<Sender>): void {
    if (this.senders.delete(held) && this.senders.size === 0) {
      this.processEvents.removeListener('beforeExit', this.onBeforeExit);
    }
  }

  private readonly onBeforeExit = (): void => {
    const senders = [...this.senders];
    this.senders.clear();
    if (this.processEvents.rawListeners('beforeExit').some(isLasting)) return;
    for (const held of senders) unattended(async () => held.deref()?.flush(EXIT_FLUSH_MS));
  };
}

/** The flush at the end of this process. */
export const exitFlush = new ExitFlush(process);
