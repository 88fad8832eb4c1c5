/** The thread of the store: loads the journal, answers questions. Nothing of it runs where requests are answered. */
import { parentPort, workerData } from 'node:worker_threads';
import { Asked } from './Asked';
import type { Engine } from './Engine';
import { openEngine } from './engines';
import { failureText } from './failureText';
import { FolderLock } from './FolderLock';
import { LoadLoop } from './LoadLoop';
import type { FromStore, StoreRequest, StoreThreadData, ToStore } from './protocol';
import type { QueryName } from './queries';
import { StoreFailure } from './StoreFailure';
import { unusable } from './unusable';

const port = parentPort;
const data = workerData as StoreThreadData;

function post(message: FromStore): void {
  port?.postMessage(message);
}

const codeOf = (error: unknown): StoreFailure['code'] | undefined =>
  error instanceof StoreFailure ? error.code : undefined;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function start(): Promise<void> {
  const lock = await FolderLock.take(data.engine.folder);
  const store = await openEngine(data.engine).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  const from = await store.position();
  const asked = new Asked();
  const loop = new LoadLoop({
    store,
    journalFolder: data.journalFolder,
    from,
    onLoaded: (report) => post({ kind: 'loaded', report }),
    onStuck: (error) => post({ kind: 'stuck', message: failureText(error) }),
    onPutAside: (aside) => post({ kind: 'aside', aside }),
  });
  port?.on('message', (message: ToStore) => {
    switch (message.kind) {
      case 'committed':
        loop.advance(message.position);
        return;
      case 'watch':
        loop.watched = message.on;
        return;
      case 'abandon':
        asked.abandon(message.id);
        return;
      case 'request': {
        const { id, request } = message;
        const signal = asked.begin(id, request.op === 'query' ? data.questionTimeoutMs : undefined);
        answer({ store, loop, lock }, request, signal)
          .then(
            (value) => post({ kind: 'answer', id, value }),
            (error: unknown) => post({ kind: 'failure', id, message: failureText(error), code: codeOf(error) }),
          )
          .finally(() => asked.end(id));
      }
    }
  });
  post({ kind: 'ready', position: from });
}

interface Parts {
  readonly store: Engine;
  readonly loop: LoadLoop;
  readonly lock: FolderLock;
}

async function answer({ store, loop, lock }: Parts, request: StoreRequest, signal: AbortSignal): Promise<unknown> {
  switch (request.op) {
    case 'query':
      // The name was checked where the question was asked, and is looked up in a closed table.
      return store.query(request.name as QueryName, request.parameters as never, signal);
    case 'expire':
      return store.expire(request.beforeMs, request.maxBytes, request.dryRun);
    case 'archive':
      return store.archive(request.nowMs);
    case 'remove':
      return store.remove(request.removal);
    case 'history':
      return store.addHistory(request.rows);
    case 'export':
      return store.export(request.selection, request.format, signal);
    case 'backup':
      return store.backup();
    case 'size':
      return store.size();
    case 'ruleChanges':
      return store.ruleChanges?.() ?? [];
    case 'addRuleChanges':
      return store.addRuleChanges?.(request.changes);
    case 'close':
      await loop.stop();
      await store.close().finally(() => lock.release());
      return undefined;
  }
}

start().catch((reason: unknown) => {
  const error = unusable(data.engine.folder, reason);
  post({ kind: 'refused', name: error instanceof Error ? error.name : 'Error', message: messageOf(error) });
});
