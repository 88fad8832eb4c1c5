import type { JSX } from 'preact';
import { meaningOfWord } from '../format/glossary';

export interface LegendEntry {
  readonly name: string;
  /** A token of the style sheet: `--c1`. */
  readonly color: string;
  readonly value?: string | undefined;
}

export function Legend({ entries }: { entries: readonly LegendEntry[] }): JSX.Element {
  return (
    <span class="leg">
      {entries.map(({ name, color, value }) => (
        <span key={name} title={meaningOfWord(name)}>
          <i style={{ background: `var(${color})` }} />
          {name} {value !== undefined && <b>{value}</b>}
        </span>
      ))}
    </span>
  );
}
