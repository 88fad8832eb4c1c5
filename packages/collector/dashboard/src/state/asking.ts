import type { CollectorClient } from '../../../lib/client/CollectorClient';
import { client, noteAnswer } from './access';
import { refresh } from './window';

/** The questions of the collector that panels ask. */
type Questions = Omit<
  CollectorClient,
  'until' | 'live' | 'setRule' | 'removeRule' | 'expire' | 'backup' | 'remove' | 'export'
>;
export type Name = keyof Questions;
export type About<N extends Name> = Parameters<Questions[N]>;
export type AnswerTo<N extends Name> = Awaited<ReturnType<Questions[N]>>;

/** A question on its way. Whoever waits no longer says so, once: what nobody waits for is not asked on. */
export interface Asked<T> {
  readonly answer: Promise<T>;
  readonly leave: () => void;
}

interface Running {
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
  readers: number;
}

interface Turn {
  readonly rank: number;
  readonly begin: (isFirst: boolean) => void;
}

const KEPT_ANSWERS = 60;
/** The collector answers two questions in the time of one picture; with all of a page at once, none comes soon. */
const AT_ONCE = 2;

/** Answers by question, the oldest first: going back shows them at once. */
const kept = new Map<string, { readonly value: unknown }>();
/** Each asked once, however many panels want to know. */
const running = new Map<string, Running>();
const turns: Turn[] = [];
let busy = 0;
/** The questions that came first are the picture: while one of them is on its way, no other makes it slower. */
let first = 0;

export const isAsking = (): boolean => running.size > 0;

export const keyOf = (name: Name, about: readonly unknown[]): string => `${name} ${JSON.stringify(about)}`;

export const keptAnswer = (key: string): { readonly value: unknown } | undefined => kept.get(key);

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, { value });
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_ANSWERS) break;
    kept.delete(oldest);
  }
}

/** Something that was changed came with its new answer: all panels that show it do so now. */
export function learn<N extends Name>(name: N, value: AnswerTo<N>, ...about: About<N>): void {
  keep(keyOf(name, about), value);
  refresh();
}

/** `rank`: the place of the panel in its page; questions of the first panels are asked first. */
export function ask<N extends Name>(rank: number, name: N, about: About<N>): Asked<AnswerTo<N>> {
  const key = keyOf(name, about);
  const one = running.get(key) ?? begin(key, rank, name, about);
  one.readers += 1;
  return {
    // The name decides the type of an answer; a map of all of them cannot say so.
    answer: one.answer as Promise<AnswerTo<N>>,
    leave() {
      one.readers -= 1;
      if (one.readers > 0) return;
      one.abort.abort();
      forget(key, one);
    },
  };
}

function forget(key: string, one: Running): void {
  if (running.get(key) === one) running.delete(key);
}

function begin<N extends Name>(key: string, rank: number, name: N, about: About<N>): Running {
  const abort = new AbortController();
  const method = client.value.until(abort.signal)[name] as (...about: readonly unknown[]) => Promise<AnswerTo<N>>;
  const answer = inTurn(rank, () => method(...about)).then(
    (value) => {
      noteAnswer();
      keep(key, value);
      return value;
    },
    (error: unknown) => {
      if (!abort.signal.aborted) noteAnswer(error);
      throw error;
    },
  );
  const one = { answer, abort, readers: 0 };
  running.set(key, one);
  const done = (): void => forget(key, one);
  answer.then(done, done);
  return one;
}

async function inTurn<T>(rank: number, work: () => Promise<T>): Promise<T> {
  const isFirst = await new Promise<boolean>((resolve) => {
    turns.push({ rank, begin: resolve });
    // Panels are drawn, and ask, in one go: only then it is known who comes first.
    queueMicrotask(next);
  });
  try {
    return await work();
  } finally {
    busy -= 1;
    if (isFirst) first -= 1;
    next();
  }
}

function next(): void {
  if (first > 0) return;
  const isFirst = busy === 0;
  turns.sort((a, b) => a.rank - b.rank);
  for (const { begin: go } of turns.splice(0, Math.max(0, AT_ONCE - busy))) {
    busy += 1;
    if (isFirst) first += 1;
    go(isFirst);
  }
}
