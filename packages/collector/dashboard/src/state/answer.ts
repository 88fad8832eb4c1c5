import { useEffect, useState } from 'preact/hooks';
import type { CollectorClient } from '../../../lib/client/CollectorClient';
import { client, noteAnswer } from './access';
import { asked } from './window';

/** What is known of a question. `stale`: of the question before, while the new answer is on its way. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly value: T; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly error: unknown; readonly before: T | undefined };

interface Known {
  readonly value: unknown;
}

const KEPT_ANSWERS = 60;
/** Answers by question, the oldest first: going back shows them at once. */
const kept = new Map<string, Known>();

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, { value });
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_ANSWERS) break;
    kept.delete(oldest);
  }
}

/**
 * The collector's answer to `parameters` of `name`, asked again when they change. A late answer to an earlier question
 * is ignored.
 */
export function useAnswer<P, T>(
  name: string,
  parameters: P,
  ask: (collector: CollectorClient, parameters: P) => Promise<T>,
): Answer<T> {
  const collector = client.value;
  const moment = asked.value;
  const key = `${name} ${JSON.stringify(parameters)}`;
  const [answer, setAnswer] = useState<Answer<T>>(() => known<T>(key) ?? { kind: 'loading' });
  useEffect(() => {
    let current = true;
    setAnswer((before) => known<T>(key) ?? staleOf(before));
    ask(collector, parameters).then(
      (value) => {
        noteAnswer();
        keep(key, value);
        if (current) setAnswer(knownAnswer(value));
      },
      (error: unknown) => {
        noteAnswer(error);
        if (current) setAnswer((before) => ({ kind: 'failed', error, before: valueOf(before) }));
      },
    );
    return () => {
      current = false;
    };
  }, [key, collector, moment]);
  return answer;
}

// The type of a kept answer is that of the function which asked for it under the same name.
function known<T>(key: string): Answer<T> | undefined {
  const found = kept.get(key);
  return found && knownAnswer(found.value as T);
}

/** For a panel whose value is there already. */
export const knownAnswer = <T>(value: T): Answer<T> => ({ kind: 'known', value, stale: false });

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
