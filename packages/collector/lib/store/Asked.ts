import { setMaxListeners } from 'node:events';
import { StoreFailure } from './StoreFailure';

interface Question {
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout | undefined;
}

/** What is being answered, so that it can end before it has its answer. */
export class Asked {
  private readonly questions = new Map<number, Question>();

  /** The signal of question `id`, aborted with a StoreFailure when it is abandoned or after `timeoutMs`. */
  begin(id: number, timeoutMs: number | undefined): AbortSignal {
    const controller = new AbortController();
    // Each piece of SQL of a question listens to it.
    setMaxListeners(0, controller.signal);
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(tooLong(timeoutMs)), timeoutMs);
    this.questions.set(id, { controller, timer });
    return controller.signal;
  }

  abandon(id: number): void {
    this.questions.get(id)?.controller.abort(new StoreFailure('abandoned', 'Nobody waits for the answer any more.'));
  }

  end(id: number): void {
    clearTimeout(this.questions.get(id)?.timer);
    this.questions.delete(id);
  }
}

const tooLong = (ms: number): StoreFailure =>
  new StoreFailure('too_long', `The answer took longer than ${ms} ms. Ask for a shorter window, or with more filters.`);
