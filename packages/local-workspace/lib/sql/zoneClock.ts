import type { Zone } from './zones';

/** Within as many seconds clocks change at most once. */
const STEP_SECONDS = 900;
const MOST_KNOWN = 50_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** Microseconds since 1970 as a clock in that zone shows them; UTC when there is no zone. */
export function localMicros(micros: bigint, zone: Zone | undefined): bigint {
  if (!zone) return micros;
  const seconds = zone.kind === 'offset' ? zone.seconds : distance(zone.id, micros);
  return micros + BigInt(seconds) * 1_000_000n;
}

/** Longer than any jump of a clock, and shorter than the time between two. */
const AROUND_MICROS = 36n * 3600n * 1_000_000n;

/** Seconds from UTC when a clock in that region shows `local` (microseconds): of two the earlier, in a gap those before it. */
export function distanceAtLocal(id: string, local: bigint): number {
  const before = distance(id, local - AROUND_MICROS);
  const after = distance(id, local + AROUND_MICROS);
  const fits = [before, after].filter((seconds) => distance(id, local - BigInt(seconds) * 1_000_000n) === seconds);
  return fits.length === 0 ? before : Math.max(...fits);
}

/** Seconds from UTC at an instant. */
function distance(id: string, micros: bigint): number {
  const seconds = Math.floor(Number(micros) / 1e6);
  const step = Math.floor(seconds / STEP_SECONDS);
  const key = `${id} ${step}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const first = computed(id, step * STEP_SECONDS);
  if (first !== computed(id, step * STEP_SECONDS + STEP_SECONDS - 1)) return computed(id, seconds);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, first);
  return first;
}

function computed(id: string, seconds: number): number {
  const parts = Object.fromEntries(
    formatOf(id)
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: string): number => Number(parts[name]);
  const year = parts['era'] === 'B' ? 1 - number('year') : number('year');
  const shown = new Date(0);
  shown.setUTCFullYear(year, number('month') - 1, number('day'));
  shown.setUTCHours(number('hour'), number('minute'), number('second'));
  return Math.round(shown.getTime() / 1000) - seconds;
}

function formatOf(id: string): Intl.DateTimeFormat {
  const ready = formats.get(id);
  if (ready) return ready;
  const format = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone: id,
    era: 'narrow',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(id, format);
  return format;
}
