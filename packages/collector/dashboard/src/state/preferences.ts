import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

/** Of an earlier visit; a browser that keeps nothing has nothing. */
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

const ofSystem = (): Theme => (darkSystem.matches ? 'dark' : 'light');

const kept = read('theme');
/** Kept for the next visit once the reader has chosen; until then as the system has it. */
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : ofSystem());
export const zone = signal<'local' | 'utc'>(read('zone') === 'utc' ? 'utc' : 'local');

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  store('theme', theme.value);
}

/** Whether charts are shown as their tables. */
export const tables = signal(false);

darkSystem.addEventListener('change', () => {
  if (read('theme') === null) theme.value = ofSystem();
});

effect(() => store('zone', zone.value));
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});
