import type { JSX } from 'preact';

/** Their shapes are in `index.html`. */
export type IconName =
  | 'overview'
  | 'statements'
  | 'compare'
  | 'errors'
  | 'cloudfetch'
  | 'retries'
  | 'fleet'
  | 'configuration'
  | 'health'
  | 'clock'
  | 'link'
  | 'moon'
  | 'sun'
  | 'down'
  | 'copy'
  | 'check'
  | 'chart'
  | 'table'
  | 'lock'
  | 'cross';

/** Decoration: whatever holds it has the words. */
export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element => (
  <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
    <use href={`#icon-${name}`} />
  </svg>
);
