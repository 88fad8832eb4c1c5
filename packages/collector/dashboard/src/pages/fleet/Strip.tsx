import type { JSX } from 'preact';
import type { ServiceStrip } from '../../../../lib/store/queries/fleetOverTime';
import { RAMP } from '../../charts/heatmapScale';
import { duration, factor } from '../../format/numbers';

type Points = ServiceStrip['points'];

/** The factor of the darkest step. */
const MOST = 6;

/** What is usual for the service: the median over its own buckets. */
export function usualOf(points: Points): number | null {
  const known = points.flatMap(({ p95 }) => p95 ?? []).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}

/** How the service fared against its own usual, bucket by bucket. */
export function Strip({ points, describe }: { points: Points; describe: (timeMs: number) => string }): JSX.Element {
  const usual = usualOf(points);
  if (usual === null) return <span class="unknown">unknown</span>;
  const worst = Math.max(...points.map(({ p95 }) => (p95 ?? 0) / usual));
  return (
    <span class="strip" role="img" aria-label={`Usual p95 ${duration(usual)}, at worst ${factor(worst)}`}>
      {points.map(({ timeMs, p95 }) => (
        <i
          key={timeMs}
          title={`${describe(timeMs)}: ${p95 === null ? 'unknown' : `${duration(p95)}, ${factor(p95 / usual)} the usual`}`}
          style={{ background: p95 === null ? 'transparent' : `var(${colorOf(p95 / usual)})` }}
        />
      ))}
    </span>
  );
}

function colorOf(times: number): string {
  const step = times <= 1.15 ? 0 : Math.ceil((Math.log(times) / Math.log(MOST)) * (RAMP.length - 1));
  return RAMP[Math.min(RAMP.length - 1, step)] ?? RAMP[0];
}
