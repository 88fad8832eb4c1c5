import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PAGES } from '../pages/pages';

export const helpShown = signal(false);

const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ['/', 'find'],
  ['t', 'charts or their tables'],
  ['l', 'live'],
  ['r', 'ask again'],
  ['d', 'light or dark'],
  ['u', 'local time or UTC'],
  ['[ ]', 'earlier, later'],
  ['↑ ↓ Enter', 'rows of a table'],
  ['c', 'copy the id of a row'],
  ['arrows', 'move the box in the heatmap'],
  ['Shift + arrows', 'size the box'],
  ['Esc', 'clear the selection'],
];

/** What the keyboard can do. */
export function Help(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = helpShown.value;
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (helpShown.value = false)}>
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" class="btn" onClick={() => (helpShown.value = false)}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <dl>
        {PAGES.flatMap(({ menu, title, path }) =>
          menu === undefined ? [] : [<Entry key={path} keys={`g ${menu.key}`} meaning={title} />],
        )}
        {KEYS.map(([keys, meaning]) => (
          <Entry key={keys} keys={keys} meaning={meaning} />
        ))}
      </dl>
    </dialog>
  );
}

function Entry({ keys, meaning }: { keys: string; meaning: string }): JSX.Element {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{meaning}</dd>
    </div>
  );
}
