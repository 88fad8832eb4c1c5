import { Worker } from 'node:worker_threads';
import type { Environment } from './compile/context';
import { SqlError } from './SqlError';
import type { Translation } from './translate';
import type { Answer, Question } from './translateWorker';

/** Statements of this many characters and more are read on a thread of their own: reading one takes long. */
export const LARGE = 8_192;

type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** Reads and translates large statements beside the thread that answers requests. Its thread starts at the first of them. */
export class LargeStatements {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  async tablesOf(sql: string): Promise<string[][]> {
    const answer = await this.ask({ kind: 'tables', id: this.nextId++, sql });
    return answer.kind === 'tables' ? answer.tables : fail(answer);
  }

  async translate(sql: string, environment: Environment): Promise<Translation> {
    const answer = await this.ask({ kind: 'translate', id: this.nextId++, sql, environment });
    return answer.kind === 'translation' ? answer.translation : fail(answer);
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.set(question.id, { resolve, reject });
      this.started().postMessage(question);
    });
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = newWorker();
    worker.unref();
    worker.on('message', (answer: Answer) => {
      this.waiting.get(answer.id)?.resolve(answer);
      this.waiting.delete(answer.id);
    });
    const end = (reason: string): void => {
      if (this.worker === worker) this.worker = undefined;
      const error = new SqlError('OUT_OF_MEMORY', '53200', `The statement could not be read: ${reason}.`);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    worker.on('error', (error) => end(String(error)));
    worker.on('exit', () => end('its thread ended'));
    this.worker = worker;
    return worker;
  }
}

/** The sources run through a loader, which a thread has to be given again; the built package needs none. */
function newWorker(): Worker {
  const options = { resourceLimits: { maxOldGenerationSizeMb: 1024 } };
  if (__filename.endsWith('.js')) return new Worker(require.resolve('./translateWorker'), options);
  const path = JSON.stringify(`${__dirname}/translateWorker.ts`);
  return new Worker(`require('@swc-node/register'); require(${path});`, { ...options, eval: true });
}

function fail(answer: Answer): never {
  if (answer.kind !== 'failure') throw new SqlError('INTERNAL_ERROR', 'XX000', 'An answer to another question.');
  throw SqlError.revived(answer.condition, answer.sqlState, answer.message);
}
