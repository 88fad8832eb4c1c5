import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { csv, download } from '../format/csv';
import { meaningOfWord } from '../format/glossary';
import { count } from '../format/numbers';
import { savers } from './Panel';
import { moveRow } from './rowKeys';
import { sortBy, sorted, sortingOf, type Sorting } from './sorting';
import { useVisibleRows } from './visibleRows';

export interface Column<R> {
  readonly name: string;
  /** A hint for a word that not everybody knows. */
  readonly hint?: string;
  readonly right?: boolean;
  readonly mono?: boolean;
  /** Left out where there is little room. */
  readonly wide?: boolean;
  /** What it is sorted by, and written into a CSV file. */
  readonly value: (row: R) => string | number | null;
  /** What is shown; the value when not given. */
  readonly cell?: (row: R) => ComponentChildren;
  readonly sortable?: boolean;
}

export interface TableProperties<R> {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly keyOf: (row: R, index: number) => string | number;
  /** Name of the column that it comes sorted by, the largest first. */
  readonly sortedBy?: string;
  /** Enter and a click on a row go there. */
  readonly linkOf?: (row: R) => string | null;
  /** `c` copies it. */
  readonly idOf?: (row: R) => string | null;
  readonly marked?: (row: R) => boolean;
  readonly dense?: boolean;
  readonly onEnd?: () => void;
  /** Saves more than is shown. */
  readonly onSave?: () => void;
}

const SHOWN_AT_ONCE = 100;

/** Rows of a kind. Sorts, goes by keyboard, and draws only what is in sight beyond a hundred rows. */
export function Table<R>(properties: TableProperties<R>): JSX.Element {
  const { label, columns, rows, keyOf, sortedBy, linkOf, idOf, marked, dense = false, onEnd } = properties;
  const sorting = sortingOf(label, columns);
  const scroller = useRef<HTMLDivElement>(null);
  const ordered = useMemo(() => sorted(rows, columns, sorting), [rows, columns, sorting?.by, sorting?.ascending]);
  useSaving(scroller, properties.onSave ?? (() => save(label, columns, ordered)));
  const long = ordered.length > SHOWN_AT_ONCE;
  const { first, last, rowHeight } = useVisibleRows(scroller, ordered.length, long, onEnd);
  const current = sorting ?? (sortedBy === undefined ? null : { by: sortedBy, ascending: false });
  return (
    <div
      class={long ? 'tw long' : 'tw'}
      ref={scroller}
      data-saved
      tabIndex={0}
      role="region"
      aria-label={label}
      onKeyDown={(event) => moveRow(event, scroller.current)}
    >
      <table class={dense ? 'dt' : ''} aria-rowcount={ordered.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading
                key={column.name}
                column={column}
                sorting={current?.by === column.name ? current : null}
                onSort={() => sortBy(label, column.name, current)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Gap height={first * rowHeight} columns={columns.length} />}
          {ordered.slice(first, last).map((row, index) => (
            <tr
              key={keyOf(row, first + index)}
              class={marked?.(row) === true ? 'marked' : ''}
              data-link={linkOf?.(row) ?? undefined}
              data-id={idOf?.(row) ?? undefined}
              tabIndex={linkOf === undefined && idOf === undefined ? undefined : -1}
              aria-rowindex={first + index + 2}
            >
              {columns.map((column) => (
                <td key={column.name} class={`${classOf(column)} ${column.mono === true ? 'mono' : ''}`}>
                  {column.cell === undefined ? text(column.value(row)) : column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {last < ordered.length && <Gap height={(ordered.length - last) * rowHeight} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** The numbers of a chart, as a table. */
export const numbersOf = <R,>(properties: TableProperties<R>): JSX.Element => <Table dense {...properties} />;

function Heading<R>(properties: { column: Column<R>; sorting: Sorting | null; onSort: () => void }): JSX.Element {
  const { column, sorting, onSort } = properties;
  const { name, hint, sortable = true } = column;
  const direction = sorting === null ? undefined : sorting.ascending ? 'ascending' : 'descending';
  const words = (
    <>
      {name}
      {sorting !== null && <span aria-hidden="true">{sorting.ascending ? ' ↑' : ' ↓'}</span>}
    </>
  );
  return (
    <th class={classOf(column)} scope="col" aria-sort={direction} title={hint ?? meaningOfWord(name)}>
      {sortable ? (
        <button type="button" onClick={onSort}>
          {words}
        </button>
      ) : (
        words
      )}
    </th>
  );
}

const classOf = <R,>({ right = false, wide = false }: Column<R>): string =>
  `${right ? 'r' : ''} ${wide ? 'wide-only' : ''}`;

function Gap({ height, columns }: { height: number; columns: number }): JSX.Element {
  return (
    <tr aria-hidden="true">
      <td class="gap" colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  );
}

function text(value: string | number | null): ComponentChildren {
  if (value === null) return <span class="unknown">unknown</span>;
  return typeof value === 'number' ? count(value) : value;
}

function useSaving(table: RefObject<HTMLElement | null>, onSave: () => void): void {
  useEffect(() => {
    if (table.current !== null) savers.set(table.current, onSave);
  });
}

function save<R>(name: string, columns: readonly Column<R>[], rows: readonly R[]): void {
  const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map(({ value }) => value(row)))];
  download(`${name.toLowerCase().replaceAll(/\W+/g, '-')}.csv`, new Blob([csv(lines)], { type: 'text/csv' }));
}
