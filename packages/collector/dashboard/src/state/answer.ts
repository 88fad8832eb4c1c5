import { useEffect, useRef, useState } from 'preact/hooks';
import { client } from './access';
import { ask, keptAnswer, keyOf, type About, type AnswerTo, type Asked, type Name } from './asking';
import { asked } from './window';

/** What is known of a question. `stale`: of the question before, while the new answer is on its way. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly value: T; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly before: T | undefined };

/** A question that changes again so soon waits until it holds still: a key may be held down. */
const SETTLE_MS = 150;

let panels = 0;

/**
 * The collector's answer to a question, asked again when what it is about changes. A late answer to an earlier question
 * is ignored. The first one is asked while the panel is drawn: those of the page come before those of its parts.
 */
export function useAnswer<N extends Name>(name: N, ...about: About<N>): Answer<AnswerTo<N>> {
  const collector = client.value;
  const moment = asked.value;
  const key = keyOf(name, about);
  const first = useRef<Asked<AnswerTo<N>> | null>(null);
  const changedMs = useRef(-Infinity);
  const [rank] = useState(() => (panels += 1));
  const [answer, setAnswer] = useState<Answer<AnswerTo<N>>>(() => {
    first.current = ask(rank, name, about);
    return known<N>(key) ?? { kind: 'loading' };
  });
  useEffect(() => {
    let current = true;
    let question = first.current;
    first.current = null;
    setAnswer((before) => known<N>(key) ?? staleOf(before));
    const run = async (): Promise<void> => {
      question ??= ask(rank, name, about);
      const next = await question.answer.then(knownAnswer, failedAnswer);
      if (current) setAnswer((before) => (next.kind === 'failed' ? { ...next, before: valueOf(before) } : next));
    };
    const nowMs = performance.now();
    const later = nowMs - changedMs.current < SETTLE_MS ? setTimeout(() => void run(), SETTLE_MS) : void run();
    changedMs.current = nowMs;
    return () => {
      current = false;
      clearTimeout(later);
      question?.leave();
    };
  }, [key, collector, moment]);
  return answer;
}

function known<N extends Name>(key: string): Answer<AnswerTo<N>> | undefined {
  const found = keptAnswer(key);
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
