import type { ComponentChildren, JSX } from 'preact';
import { meaningOfWord } from '../format/glossary';
import type { Figure } from '../format/numbers';
import { linkTo } from '../state/address';
import type { Answer } from '../state/answer';
import { Answered } from './Panel';

export interface StripFigure {
  readonly name: string;
  /** Null: nobody tells. */
  readonly figure: Figure | null;
  readonly note: ComponentChildren;
  /** A page that says more. */
  readonly page?: string;
  readonly title?: string;
  /** Beside the figure. */
  readonly spark?: ComponentChildren;
}

interface Properties<T> {
  readonly label: string;
  readonly answer: Answer<T>;
  readonly figures: (value: T) => readonly StripFigure[];
  readonly empty?: (value: T) => ComponentChildren | false;
}

/** A few large figures side by side. */
export function FigureStrip<T>({ label, answer, figures, empty }: Properties<T>): JSX.Element {
  return (
    <section class="kpis" aria-label={label}>
      <Answered answer={answer} height={62} empty={empty}>
        {(value) => {
          const shown = figures(value);
          return (
            <div class="kpi-row" style={{ '--kpis': String(shown.length) }}>
              {shown.map((figure) => (
                <Large key={figure.name} {...figure} />
              ))}
            </div>
          );
        }}
      </Answered>
    </section>
  );
}

function Large({ name, figure, note, page, title, spark }: StripFigure): JSX.Element {
  const content = (
    <>
      <div class="l" title={meaningOfWord(name)}>
        {name}
      </div>
      <div class="row">
        <div class="v">
          {figure?.[0] ?? '?'}
          {figure?.[1] !== '' && <small>{figure?.[1] ?? 'not told'}</small>}
        </div>
        {spark}
      </div>
      <div class="d">{note}</div>
    </>
  );
  return page === undefined ? (
    <div class="kpi">{content}</div>
  ) : (
    <a class="kpi" href={linkTo(page)} title={title}>
      {content}
    </a>
  );
}
