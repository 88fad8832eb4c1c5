import type { JSX } from 'preact';
import { StackBar, type StackPart } from '../charts/StackBar';
import { Legend } from '../ui/Legend';

export interface LabelledPart extends StackPart {
  /** How much it is, in words. */
  readonly shown: string;
}

/** Parts of a whole as one bar, with what they are and how much below it. */
export const LabelledBar = ({ parts, big }: { parts: readonly LabelledPart[]; big?: boolean }): JSX.Element => (
  <>
    <StackBar parts={parts} big={big} label={parts.map(({ name, shown }) => `${name} ${shown}`).join(', ')} />
    <Legend entries={parts.map((part) => ({ ...part, value: part.shown }))} />
  </>
);
