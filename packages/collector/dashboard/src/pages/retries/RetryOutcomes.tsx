import type { JSX } from 'preact';
import type { RetriedGroup, Retries } from '../../../../lib/store/queries/retries';
import { count, percent } from '../../format/numbers';
import type { Answer } from '../../state/answer';
import { type Column } from '../../ui/Table';
import { TableCard } from '../../ui/TableCard';

/** A count in its colour; zero recedes. */
function tinted(value: number, tint: string): JSX.Element {
  return value === 0 ? <span class="quiet">–</span> : <b class={tint}>{count(value)}</b>;
}

export function outcomeColumns(name: string): Column<RetriedGroup>[] {
  return [
    { name, value: (row) => row.name },
    {
      name: 'Retried',
      hint: 'Share of the statements that tell',
      right: true,
      value: ({ retried, statements }) => (statements === 0 ? null : retried / statements),
      cell: ({ retried, statements }) => percent(statements === 0 ? null : retried / statements),
    },
    {
      name: 'Saved',
      hint: 'Delivered after a retry',
      right: true,
      value: ({ saved }) => saved,
      cell: ({ saved }) => tinted(saved, 'is-good'),
    },
    {
      name: 'Lost',
      hint: 'Failed in spite of it',
      right: true,
      value: ({ lost }) => lost,
      cell: ({ lost }) => tinted(lost, 'is-bad'),
    },
  ];
}

/** Whether repeating requests was worth it, by warehouse. */
export function RetryOutcomes({ answer, span }: { answer: Answer<Retries>; span: string }): JSX.Element {
  return (
    <TableCard
      title="What retrying achieved"
      span={span}
      foot="Saved: delivered after a retry. Lost: failed in spite of it. A driver that does not tell its outcome counts as neither."
      answer={answer}
      height={150}
      none="No statement tells of its retries."
      label="What retrying achieved, by warehouse"
      rows={({ known, warehouses }) => (known === 0 ? [] : warehouses)}
      keyOf={({ name }) => name ?? ''}
      columns={outcomeColumns('Warehouse')}
      sorted={1}
    />
  );
}
