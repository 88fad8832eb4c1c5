import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Turns } from '../engine/Turns';
import type { Environment } from './compile/context';
import { SqlError } from './SqlError';
import type { Translation } from './translate';
import type { Answer, Question } from './translateWorker';

/** Statements of this many characters and more are read on a thread of their own: reading one takes long. */
export const LARGE = 8_192;

/** So many brackets in each other take long too. */
const DEEP = 50;

/** Longest time for reading one; none of use takes a tenth of it. */
const LONGEST_MS = 30_000;

export function isLarge(sql: string): boolean {
  if (sql.length >= LARGE) return true;
  let depth = 0;
  for (const char of sql) {
    if (char === '(' || char === '[') depth += 1;
    else if (char === ')' || char === ']') depth -= 1;
    if (depth >= DEEP) return true;
  }
  return false;
}

type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/**
 * Reads and translates large statements beside the thread that answers requests, one at a time and tenants in turn. Its
 * thread starts at the first of them.
 */
export class LargeStatements {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private readonly turns = new Turns(1, 1);

  async tablesOf(sql: string, tenant: string): Promise<string[][]> {
    const answer = await this.ask(tenant, { kind: 'tables', id: this.nextId++, sql });
    return answer.kind === 'tables' ? answer.tables : fail(answer);
  }

  async translate(sql: string, environment: Environment): Promise<Translation> {
    const answer = await this.ask(environment.user, { kind: 'translate', id: this.nextId++, sql, environment });
    return answer.kind === 'translation' ? answer.translation : fail(answer);
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private ask(tenant: string, question: Question): Promise<Answer> {
    return this.turns.run(tenant, NEVER, () => this.answered(question));
  }

  private async answered(question: Question): Promise<Answer> {
    const worker = this.started();
    const timer = setTimeout(() => void worker.terminate(), LONGEST_MS).unref();
    try {
      return await new Promise((resolve, reject) => {
        this.waiting.set(question.id, { resolve, reject });
        worker.postMessage(question);
      });
    } finally {
      clearTimeout(timer);
    }
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

const NEVER = new AbortController().signal;

/** Run from its sources, a thread needs a loader as its parent does. */
const LOADER = ['-r', join(__dirname, '..', '..', '..', '..', 'tools', 'typescript.cjs')];

function newWorker(): Worker {
  const extension = extname(__filename);
  return new Worker(join(__dirname, `translateWorker${extension}`), {
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    execArgv: extension === '.ts' ? LOADER : [],
  });
}

function fail(answer: Answer): never {
  if (answer.kind !== 'failure') throw new SqlError('INTERNAL_ERROR', 'XX000', 'An answer to another question.');
  throw SqlError.revived(answer.condition, answer.sqlState, answer.message);
}
