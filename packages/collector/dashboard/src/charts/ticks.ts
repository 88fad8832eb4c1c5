import { clock, clockSeconds, day, zoneOffsetMs } from '../format/times';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TIME_STEPS_MS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 182].map((days) => days * DAY_MS),
];
const VALUE_STEPS = [1, 2, 2.5, 5, 10];

/** Round times of the zone in which times are shown, at most `room` of them. */
export function timeTicks(fromMs: number, toMs: number, room: number): readonly Tick[] {
  const stepMs = TIME_STEPS_MS.find((step) => (toMs - fromMs) / step <= room) ?? 364 * DAY_MS;
  const offsetMs = zoneOffsetMs(fromMs);
  const ticks: Tick[] = [];
  for (let even = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs; even <= toMs; even += stepMs) {
    // Days and parts of days go by the clock, also after it was changed.
    const at = stepMs > HOUR_MS ? even + offsetMs - zoneOffsetMs(even) : even;
    if (at > toMs) break;
    ticks.push({ at, label: stepMs < MINUTE_MS ? clockSeconds(at) : labelOf(at, toMs - fromMs) });
  }
  return ticks;
}

function labelOf(ms: number, lengthMs: number): string {
  if (clock(ms) === '00:00') return day(ms);
  return lengthMs > 2.5 * DAY_MS ? `${day(ms)} ${clock(ms)}` : clock(ms);
}

/** Round values from 0, at most `room` of them and the 0; none that `format` would take for another one. */
export function valueTicks(most: number, room: number, format: (value: number) => string): readonly Tick[] {
  const rough = most / Math.max(1, room);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (VALUE_STEPS.find((candidate) => candidate * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => ({
    at: index * step,
    label: format(index * step),
  })).filter(({ at, label }) => at % 1 === 0 || label !== format(Math.round(at)));
}
