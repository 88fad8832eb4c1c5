import type { ComponentChildren, JSX } from 'preact';
import { valueOf, type Answer } from '../state/answer';
import { Answered, Card, type CardProperties } from './Panel';
import { Table, type TableProperties } from './Table';

type Properties<T, R> = Omit<CardProperties, 'children' | 'title'> &
  Omit<TableProperties<R>, 'rows' | 'label'> & {
    readonly answer: Answer<T>;
    readonly rows: (value: T) => readonly R[];
    readonly title: string;
    /** What the table is called; the title when not given. */
    readonly label?: string;
    /** Said when there is no row. */
    readonly none: ComponentChildren;
    /** Room that it takes while it waits, in pixels. */
    readonly height?: number;
  };

/** A card that is a table. */
export function TableCard<T, R>(properties: Properties<T, R>): JSX.Element {
  const { title, sub, actions, foot, span, answer, rows, label, none, height, ...table } = properties;
  const known = valueOf(answer);
  const shown = known === undefined ? [] : rows(known);
  return (
    <Card {...{ title, sub, actions, foot, span }}>
      <Answered answer={answer} height={height} empty={() => shown.length === 0 && none}>
        {() => <Table {...table} label={label ?? title} rows={shown} />}
      </Answered>
    </Card>
  );
}
