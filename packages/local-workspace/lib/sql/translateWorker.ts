import { parentPort } from 'node:worker_threads';
import type { Environment } from './compile/context';
import { SqlError } from './SqlError';
import { initTranslator, tablesOf, translate, type Translation } from './translate';

export type Question =
  | { kind: 'tables'; id: number; sql: string }
  | { kind: 'translate'; id: number; sql: string; environment: Environment };

export type Answer =
  | { kind: 'tables'; id: number; tables: string[][] }
  | { kind: 'translation'; id: number; translation: Translation }
  | { kind: 'failure'; id: number; condition: string; sqlState: string; message: string };

function answer(question: Question): Answer {
  const { id, sql } = question;
  try {
    if (question.kind === 'tables') return { kind: 'tables', id, tables: tablesOf(sql) };
    return { kind: 'translation', id, translation: translate(sql, question.environment) };
  } catch (error) {
    if (error instanceof SqlError) {
      return { kind: 'failure', id, condition: error.condition, sqlState: error.sqlState, message: error.message };
    }
    return { kind: 'failure', id, condition: 'INTERNAL_ERROR', sqlState: 'XX000', message: String(error) };
  }
}

const ready = initTranslator();
parentPort?.on('message', (question: Question) => {
  void ready.then(() => parentPort?.postMessage(answer(question)));
});
