import { unattended } from '../../util/unattended';

type Flush = () => Promise<void>;

type ExitListener = ReturnType<NodeJS.Process['rawListeners']>[number];

/** Whether `listener` is called each time; `once` wraps what it is given. */
const isLasting = (listener: ExitListener): boolean => !('listener' in listener);

/**
 * One `beforeExit` listener for all clients of the process, present only while there are any. Each client is flushed
 * once: a flush that could not finish must not keep the process alive for another round. Where the application has a
 * lasting `beforeExit` listener there is no flush: `beforeExit` is emitted again after it, and that listener would run
 * more often than without telemetry.
 */
export class ExitFlush {
  private readonly flushes = new Set<Flush>();

  constructor(private readonly processEvents: Pick<NodeJS.Process, 'once' | 'removeListener' | 'rawListeners'>) {}

  /** Registers `flush`; returns what takes it back. */
  add(flush: Flush): () => void {
    if (this.flushes.size === 0) this.processEvents.once('beforeExit', this.onBeforeExit);
    this.flushes.add(flush);
    return () => {
      if (this.flushes.delete(flush) && this.flushes.size === 0) {
        this.processEvents.removeListener('beforeExit', this.onBeforeExit);
      }
    };
  }

  private readonly onBeforeExit = (): void => {
    const flushes = [...this.flushes];
    this.flushes.clear();
    if (this.processEvents.rawListeners('beforeExit').some(isLasting)) return;
    for (const flush of flushes) unattended(flush);
  };
}

/** The flush at the end of this process. */
export const exitFlush = new ExitFlush(process);
