import { useEffect } from 'preact/hooks';
import { PAGES } from '../pages/pages';
import { go, linkTo, parameter } from '../state/address';
import { setLive } from '../state/live';
import { tables, toggleTheme, zone } from '../state/preferences';
import { select } from '../state/selection';
import { refresh, shiftWindow } from '../state/window';
import { helpShown } from './Help';

/** How long `g` waits for the key of a page. */
const PREFIX_MS = 1_500;
const SHIFT = 0.5;

const ACTIONS: Readonly<Record<string, () => void>> = {
  t: () => (tables.value = !tables.value),
  l: () => setLive(parameter('live') !== '1'),
  r: refresh,
  d: toggleTheme,
  u: () => (zone.value = zone.value === 'utc' ? 'local' : 'utc'),
  '[': () => shiftWindow(-SHIFT),
  ']': () => shiftWindow(SHIFT),
  '?': () => (helpShown.value = true),
  '/': () => (find('[data-find]') ?? find('.pill button'))?.focus(),
  Escape: () => select(null),
};

const find = (selector: string): HTMLElement | null => document.querySelector(`main ${selector}`);

/** Keys that work everywhere but in a field. */
export function useKeys(): void {
  useEffect(() => {
    let prefixMs = -Infinity;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isField(event.target)) return;
      if (event.timeStamp - prefixMs < PREFIX_MS) {
        prefixMs = -Infinity;
        const page = PAGES.find(({ menu }) => menu?.key === event.key);
        if (page === undefined) return;
        event.preventDefault();
        go(linkTo(page.path));
        return;
      }
      if (event.key === 'g') {
        prefixMs = event.timeStamp;
        return;
      }
      const action = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
      if (action === undefined || helpShown.value) return;
      if (event.key !== 'Escape') event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
