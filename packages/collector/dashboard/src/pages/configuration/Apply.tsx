import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { tokenWanted } from '../../state/access';

const NAME = 'sql-telemetry.by';

interface Properties {
  readonly name: string;
  readonly question: string;
  readonly problem: string | null;
  readonly onApply: (by: string) => void;
  readonly onDiscard: () => void;
}

/** Says what would change, for whom, and waits for a yes. */
export function Apply({ name, question, problem, onApply, onDiscard }: Properties): JSX.Element {
  const [by, setBy] = useState(sessionStorage.getItem(NAME) ?? '');
  const submit = (event: Event): void => {
    event.preventDefault();
    sessionStorage.setItem(NAME, by);
    onApply(by.trim() === '' ? 'someone on the page' : by.trim());
  };
  return (
    <form class="apply" onSubmit={submit}>
      <span>{question}</span>
      <span class="sp" />
      <input
        type="text"
        placeholder="Your name"
        aria-label="Your name, for the list of changes"
        maxLength={60}
        value={by}
        onInput={(event) => setBy(event.currentTarget.value)}
      />
      <button type="button" class="btn" onClick={onDiscard}>
        Discard
      </button>
      <button type="submit" class="btn pri">
        Apply to {name}
      </button>
      {problem !== null && (
        <p role="alert" class="is-bad">
          {problem}{' '}
          <button type="button" class="linklike" onClick={() => (tokenWanted.value = 'another')}>
            Enter another token
          </button>
        </p>
      )}
    </form>
  );
}
