import { go } from '../state/address';
import { copyText } from './CopyButton';

const FLASH_MS = 600;

/** Arrows move over the rows of a table, Enter opens, `c` copies the id. */
export function moveRow(event: KeyboardEvent, table: HTMLElement | null): void {
  if (table === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = document.activeElement?.closest('tr') ?? null;
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      step(event, table, row);
      return;
    case 'Enter':
      if (row !== null) open(row);
      return;
    case 'c':
      if (row !== null) copyId(event, row);
      return;
    default:
  }
}

function step(event: KeyboardEvent, table: HTMLElement, row: HTMLTableRowElement | null): void {
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tbody tr[tabindex]')];
  const index = rows.findIndex((one) => one === row);
  const next = rows[Math.max(0, index + (event.key === 'ArrowDown' ? 1 : -1))];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/** A link or button of the row acts for itself. */
function open(row: HTMLTableRowElement): void {
  const { link } = row.dataset;
  if (document.activeElement === row && link !== undefined) go(link);
}

function copyId(event: KeyboardEvent, row: HTMLTableRowElement): void {
  const { id } = row.dataset;
  if (id === undefined) return;
  event.stopPropagation();
  copyText(id);
  row.classList.add('copied');
  setTimeout(() => row.classList.remove('copied'), FLASH_MS);
}
