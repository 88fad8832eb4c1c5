import type { JSX } from 'preact';
import { usePlot, type Drawing } from './plot';

interface Properties {
  readonly drawing: () => Drawing;
  /** What it is drawn of: it is drawn anew when one of them is another. */
  readonly inputs: readonly unknown[];
  /** What it shows, in a sentence. */
  readonly label: string;
}

/** A chart that is only looked at. */
export function Plotted({ drawing, inputs, label }: Properties): JSX.Element {
  const { element } = usePlot(drawing, inputs);
  return (
    <div class="plot" role="img" aria-label={label}>
      <div ref={element} />
    </div>
  );
}
