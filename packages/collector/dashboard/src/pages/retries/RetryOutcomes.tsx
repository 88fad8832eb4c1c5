import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { RetriedGroup, Retries } from '../../../../lib/store/queries/retries';
import { count, percent } from '../../format/numbers';
import { valueName } from '../../format/words';
import type { Answer } from '../../state/answer';
import { figure } from '../../ui/columns';
import { type Column } from '../../ui/Table';
import { TableCard } from '../../ui/TableCard';

/** A count in its colour; zero recedes. */
const tinted =
  (tint: string) =>
  (value: number | null): JSX.Element =>
    value === 0 ? <span class="quiet">–</span> : <b class={tint}>{count(value)}</b>;

export function outcomeColumns(name: string): Column<RetriedGroup>[] {
  return [
    { name, value: (row) => row.name, cell: (row) => valueName(name.toLowerCase(), row.name) },
    figure('Retried', ({ retried, statements }) => (statements === 0 ? null : retried / statements), percent, {
      hint: 'Share of the statements that tell',
    }),
    figure('Saved', ({ saved }) => saved, tinted('is-good'), { hint: 'Delivered after a retry' }),
    figure('Lost', ({ lost }) => lost, tinted('is-bad'), { hint: 'Failed in spite of it' }),
  ];
}

/** Whether repeating requests was worth it, by warehouse. */
export function RetryOutcomes({ answer, span }: { answer: Answer<Retries>; span: string }): JSX.Element {
  return (
    <TableCard
      title="What retrying achieved"
      span={span}
      foot={prose('retrying')}
      answer={answer}
      height={150}
      none="No statement tells of its retries."
      label="What retrying achieved, by warehouse"
      rows={({ known, warehouses }) => (known === 0 ? [] : warehouses)}
      keyOf={({ name }) => name ?? ''}
      columns={outcomeColumns('Warehouse')}
      sortedBy="Retried"
    />
  );
}
