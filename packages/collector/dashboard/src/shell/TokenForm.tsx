import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { prose } from '../format/prose';
import { enterToken, token, tokenWanted } from '../state/access';

/** Asks for the token once. It is kept for this tab and sent as a header. */
export function TokenForm(): JSX.Element {
  const [text, setText] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() !== '') enterToken(text.trim());
  };
  const problem = problemOf();
  return (
    <main class="lone">
      <h1>SQL Telemetry</h1>
      <p>{prose('token')}</p>
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          ref={focus}
          value={text}
          aria-invalid={problem !== ''}
          aria-describedby="token-hint"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="btn pri">
          Open
        </button>
      </form>
      <p id="token-hint" class="quiet" role={problem === '' ? undefined : 'alert'}>
        {problem}
        {prose('token-kept')}
      </p>
    </main>
  );
}

/** Also where it takes the place of a page that was open. */
const focus = (field: HTMLElement | null): void => field?.focus();

function problemOf(): string {
  if (token.value === '' || tokenWanted.value === 'another') return '';
  return tokenWanted.value === 'forbidden'
    ? 'This token may not read: it is for something else. '
    : 'The collector does not know this token. ';
}
