import type { ComponentChildren, JSX } from 'preact';
import { meaningOfWord } from '../format/glossary';

export type Fact = readonly [name: string, value: ComponentChildren];

/** Names and values, one below the other. What is null is left out. */
export const FactList = ({ facts }: { facts: readonly Fact[] }): JSX.Element => (
  <dl class="facts">
    {facts.map(([name, value]) =>
      value === null ? null : (
        <>
          <dt title={meaningOfWord(name) ?? name}>{name}</dt>
          <dd>{value}</dd>
        </>
      ),
    )}
  </dl>
);
