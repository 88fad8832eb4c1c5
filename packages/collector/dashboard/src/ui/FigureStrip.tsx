import type { ComponentChildren, JSX } from 'preact';
import type { Figure } from '../format/numbers';

export interface StripFigure {
  readonly name: string;
  /** Null: nobody tells. */
  readonly figure: Figure | null;
  readonly note: ComponentChildren;
}

/** A few large figures side by side. */
export function FigureStrip({ label, figures }: { label: string; figures: readonly StripFigure[] }): JSX.Element {
  return (
    <div class="kpi-row" role="group" aria-label={label} style={{ '--kpis': String(figures.length) }}>
      {figures.map(({ name, figure, note }) => (
        <div key={name} class="kpi">
          <div class="l">{name}</div>
          <div class="row">
            <div class="v">
              {figure?.[0] ?? '?'}
              <small>{figure?.[1] ?? 'not told'}</small>
            </div>
          </div>
          <div class="d">{note}</div>
        </div>
      ))}
    </div>
  );
}
