import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer } from '../state/answer';
import { tables } from '../state/preferences';
import { Icon } from './Icon';
import { Answered, Card, type CardProperties } from './Panel';
import { Segments } from './Segments';

interface Properties<T> extends Omit<CardProperties, 'children'> {
  readonly answer: Answer<T>;
  readonly empty?: (value: T) => ComponentChildren | false;
  readonly height?: number;
  readonly chart: (value: T) => ComponentChildren;
  /** The same numbers as a table. */
  readonly table: (value: T) => ComponentChildren;
}

const VIEWS = [
  { value: 'chart', label: <Icon name="chart" size={14} />, spoken: 'Chart' },
  { value: 'table', label: <Icon name="table" size={14} />, spoken: 'Table' },
] as const;

/** A card whose content is a chart or, for whoever prefers it, the chart's numbers. */
export function ChartCard<T>(properties: Properties<T>): JSX.Element {
  const { chart, table, answer, empty, height, actions, ...card } = properties;
  const [own, setOwn] = useState<{ readonly all: boolean; readonly table: boolean } | null>(null);
  // A choice for one card holds until all of them are switched.
  const asTable = own !== null && own.all === tables.value ? own.table : tables.value;
  const switcher = (
    <Segments
      quiet
      label="Chart or table"
      options={VIEWS}
      value={asTable ? 'table' : 'chart'}
      onChange={(view) => setOwn({ all: tables.value, table: view === 'table' })}
    />
  );
  return (
    <Card
      {...card}
      actions={
        <>
          {actions}
          {switcher}
        </>
      }
    >
      <Answered answer={answer} empty={empty} height={height}>
        {(value) => (asTable ? table(value) : <div class="body">{chart(value)}</div>)}
      </Answered>
    </Card>
  );
}
