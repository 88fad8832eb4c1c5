import { unattended } from '../../util/debugLog';

type Flush = () => Promise<void>;

/**
 * One `beforeExit` listener for all clients of the process, present only while there are any. Each client is flushed
 * once: a flush that could not finish must not keep the process alive for another round.
 */
export class ExitFlush {
  private readonly flushes = new Set<Flush>();

  constructor(private readonly processEvents: Pick<NodeJS.Process, 'once' | 'removeListener'>) {}

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
    for (const flush of flushes) unattended(flush);
  };
}

/** The flush at the end of this process. */
export const exitFlush = new ExitFlush(process);
