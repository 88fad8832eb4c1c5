import type { JSX } from 'preact';

const PATHS = {
  overview: 'M2 13h12M4 11V7M8 11V3M12 11V6',
  statements: 'M2.5 4h11M2.5 8h8M2.5 12h10',
  compare: 'M4 2.5v11M12 2.5v11M4 6h8M4 10h8',
  errors: 'M8 2.5 14.5 13.5H1.5ZM8 6.5v3.2M8 11.6v.2',
  files: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  retries: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.2v3h-3',
  fleet: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z',
  configuration: 'M2 5h7M12 5h2M2 11h2M7 11h7M10.5 3.2v3.6M5.5 9.2v3.6',
  health: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2ZM8 5v3.3l2 1.4',
  link: 'M6.5 9.5l3-3M7.5 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L4.5 7.5',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  check: 'm3.5 8.5 3 3 6-7',
  chart: 'M2.5 13.5h11M4.5 11V7M8 11V3.5M11.5 11V6',
  table: 'M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
  cross: 'm4.5 4.5 7 7M11.5 4.5l-7 7',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: whatever holds it has the words. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
