import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './Icon';

const SHOWN_MS = 1_200;

/** Copies `text` with one click. */
export function CopyButton({ text, what }: { text: string; what: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = (event: Event): void => {
    event.stopPropagation();
    copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button type="button" class="copy" aria-label={copied ? 'Copied' : `Copy ${what}`} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} size={13} />
    </button>
  );
}

/** Also where the page is not served securely, and the clipboard is not offered. */
export function copyText(text: string): void {
  // Typed as always there; a page served over plain HTTP has none.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) {
    clipboard.writeText(text).catch(() => copyBySelection(text));
  } else {
    copyBySelection(text);
  }
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
