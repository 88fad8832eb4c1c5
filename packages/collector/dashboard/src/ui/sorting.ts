import { change, parameter } from '../state/address';
import type { Column } from './Table';

/** What a table is sorted by. */
export interface Sorting {
  /** Name of a column. */
  readonly by: string;
  readonly ascending: boolean;
}

const ASCENDING = ',asc';

/** How the reader sorted the table called `label`, as the address says; null while it is as it came. */
export function sortingOf<R>(label: string, columns: readonly Column<R>[]): Sorting | null {
  const text = parameter(`sort.${label}`);
  if (text === null) return null;
  const ascending = text.endsWith(ASCENDING);
  const by = ascending ? text.slice(0, -ASCENDING.length) : text;
  return columns.some(({ name, sortable = true }) => sortable && name === by) ? { by, ascending } : null;
}

/** Sorts by a column, the largest first; the other way round when it is already so. */
export function sortBy(label: string, by: string, current: Sorting | null): void {
  const ascending = current?.by === by && !current.ascending;
  change({ [`sort.${label}`]: by + (ascending ? ASCENDING : '') });
}

export function sorted<R>(rows: readonly R[], columns: readonly Column<R>[], sorting: Sorting | null): readonly R[] {
  const column = columns.find(({ name }) => name === sorting?.by);
  if (sorting === null || column === undefined) return rows;
  const sign = sorting.ascending ? 1 : -1;
  return [...rows].sort((x, y) => {
    const [a, b] = [column.value(x), column.value(y)];
    // What is not known comes last, whichever way.
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
  });
}
