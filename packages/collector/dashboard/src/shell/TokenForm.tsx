import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { enterToken } from '../state/access';

/** Asks for the token once. It is kept for this tab and sent as a header. */
export function TokenForm({ refused }: { refused: boolean }): JSX.Element {
  const [text, setText] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() !== '') enterToken(text.trim());
  };
  return (
    <main class="lone">
      <h1>SQL Telemetry</h1>
      <p>This collector asks for a token to read. Whoever runs it has one.</p>
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          autofocus
          value={text}
          aria-invalid={refused}
          aria-describedby="token-hint"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="btn pri">
          Open
        </button>
      </form>
      <p id="token-hint" class="quiet" role={refused ? 'alert' : undefined}>
        {refused ? 'The collector does not know this token. ' : ''}It is kept for this tab only, and sent as a header.
      </p>
    </main>
  );
}
