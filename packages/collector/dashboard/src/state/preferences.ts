import { effect, signal, type Signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

/** Kept in this browser for the next visit; where it keeps nothing, for this one. */
function lasting<T extends string>(name: string, fallback: T, known: readonly T[]): Signal<T> {
  const kept = signal<T>(known.find((value) => value === read(name)) ?? fallback);
  let first = true;
  effect(() => {
    const value = kept.value;
    if (!first) store(name, value);
    first = false;
  });
  return kept;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`sql-telemetry.${name}`);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`sql-telemetry.${name}`, value);
  } catch {
    // A browser that may keep nothing forgets it with the tab.
  }
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

export const theme = lasting<Theme>('theme', darkSystem.matches ? 'dark' : 'light', ['light', 'dark']);
export const zone = lasting<'local' | 'utc'>('zone', 'local', ['local', 'utc']);
export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
}

/** Whether charts are shown as their tables. */
export const tables = signal(false);

darkSystem.addEventListener('change', ({ matches }) => {
  if (read('theme') === null) theme.value = matches ? 'dark' : 'light';
});

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});
