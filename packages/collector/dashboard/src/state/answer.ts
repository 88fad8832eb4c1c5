import { useEffect, useRef, useState } from 'preact/hooks';
import type { CollectorClient } from '../../../lib/client/CollectorClient';
import { client, noteAnswer } from './access';
import { asked, refresh } from './window';

/** What is known of a question. `stale`: of the question before, while the new answer is on its way. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly value: T; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly before: T | undefined };

/** The questions of the collector that panels ask. */
type Questions = Omit<CollectorClient, 'setRule' | 'removeRule' | 'expire' | 'backup' | 'remove' | 'export'>;
type Name = keyof Questions;
type About<N extends Name> = Parameters<Questions[N]>;
type AnswerTo<N extends Name> = Awaited<ReturnType<Questions[N]>>;

interface Running {
  readonly collector: CollectorClient;
  readonly answer: Promise<unknown>;
}

const KEPT_ANSWERS = 60;
/** How long a panel that waits for an answer waits for the next question to hold still: a key may be held down. */
const SETTLE_MS = 150;

/** Answers by question, the oldest first: going back shows them at once. */
const kept = new Map<string, { readonly value: unknown }>();
/** Questions on their way, each asked once, however many panels want to know. */
const running = new Map<string, Running>();

export const isAsking = (): boolean => running.size > 0;

const keyOf = (name: Name, about: readonly unknown[]): string => `${name} ${JSON.stringify(about)}`;

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

function ask<N extends Name>(collector: CollectorClient, name: N, about: About<N>): Promise<AnswerTo<N>> {
  const key = keyOf(name, about);
  const found = running.get(key);
  // The name decides the type of an answer; a map of all of them cannot say so.
  if (found?.collector === collector) return found.answer as Promise<AnswerTo<N>>;
  const method = collector[name] as (...about: readonly unknown[]) => Promise<AnswerTo<N>>;
  const answer = method(...about)
    .then(
      (value) => {
        noteAnswer();
        keep(key, value);
        return value;
      },
      (error: unknown) => {
        noteAnswer(error);
        throw error;
      },
    )
    .finally(() => {
      if (running.get(key)?.answer === answer) running.delete(key);
    });
  running.set(key, { collector, answer });
  return answer;
}

/**
 * The collector's answer to a question, asked again when what it is about changes. A late answer to an earlier question
 * is ignored. The first one is asked while the panel is drawn: those of the page come before those of its parts.
 */
export function useAnswer<N extends Name>(name: N, ...about: About<N>): Answer<AnswerTo<N>> {
  const collector = client.value;
  const moment = asked.value;
  const key = keyOf(name, about);
  const first = useRef<Promise<AnswerTo<N>> | null>(null);
  const unanswered = useRef(0);
  const [answer, setAnswer] = useState<Answer<AnswerTo<N>>>(() => {
    first.current = ask(collector, name, about);
    // Until the panel is in the page nobody else hears of it.
    first.current.catch(() => undefined);
    return known<N>(key) ?? { kind: 'loading' };
  });
  useEffect(() => {
    let current = true;
    setAnswer((before) => known<N>(key) ?? staleOf(before));
    const run = async (): Promise<void> => {
      const own = first.current ?? ask(collector, name, about);
      first.current = null;
      unanswered.current += 1;
      const next = await own.then(knownAnswer, failedAnswer);
      unanswered.current -= 1;
      if (current) setAnswer((before) => (next.kind === 'failed' ? { ...next, before: valueOf(before) } : next));
    };
    const later = unanswered.current > 0 ? setTimeout(() => void run(), SETTLE_MS) : void run();
    return () => {
      current = false;
      clearTimeout(later);
    };
  }, [key, collector, moment]);
  return answer;
}

function known<N extends Name>(key: string): Answer<AnswerTo<N>> | undefined {
  const found = kept.get(key);
  return found && knownAnswer(found.value as AnswerTo<N>);
}

/** For a panel whose value is there already. */
export const knownAnswer = <T>(value: T): Answer<T> => ({ kind: 'known', value, stale: false });
const failedAnswer = (error: unknown): Answer<never> => ({ kind: 'failed', error, before: undefined });

/** The value that can be shown now, if there is one. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  switch (answer.kind) {
    case 'loading':
      return undefined;
    case 'known':
      return answer.value;
    case 'failed':
      return answer.before;
  }
}

function staleOf<T>(answer: Answer<T>): Answer<T> {
  const value = valueOf(answer);
  return value === undefined ? { kind: 'loading' } : { kind: 'known', value, stale: true };
}
