import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { dictionary } from '../format/dictionary';
import { GLOSSARY } from '../format/glossary';
import { PAGES } from '../pages/pages';

export const helpShown = signal(false);

const KEYS = dictionary('keys');

/** What the keyboard can do, and what words mean. */
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
        <h2 id="help-title">Keys and words</h2>
        <button type="button" class="btn" onClick={() => (helpShown.value = false)}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <dl>
        {PAGES.flatMap(({ menu, title, path }) =>
          menu === undefined ? [] : [<Entry key={path} keys={`g ${menu.key}`} meaning={title} />],
        )}
        {[...KEYS].map(([keys, meaning]) => (
          <Entry key={keys} keys={keys} meaning={meaning} />
        ))}
      </dl>
      <h2>Words</h2>
      <dl class="words">
        {[...GLOSSARY].map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
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
