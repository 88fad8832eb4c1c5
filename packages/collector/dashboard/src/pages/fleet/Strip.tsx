import type { JSX, TargetedMouseEvent } from 'preact';
import type { ServiceStrip } from '../../../../lib/store/queries/fleetOverTime';
import { RAMP } from '../../charts/heatmapScale';
import { duration, factor } from '../../format/numbers';

type Points = ServiceStrip['points'];

/** The factor of the darkest step. */
const MOST = 6;

/** What is usual for the service: the median over its own buckets. */
export function usualOf(points: Points): number | null {
  const known = points.flatMap(({ p95 }) => p95 ?? []).sort((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)];
  // Below a millisecond nothing is measured: no factor of it says anything.
  return median === undefined ? null : Math.max(1, median);
}

/** How the service fared against its own usual, bucket by bucket. */
export function Strip({ points, describe }: { points: Points; describe: (timeMs: number) => string }): JSX.Element {
  const usual = usualOf(points);
  if (usual === null) return <span class="unknown">unknown</span>;
  const worst = Math.max(...points.map(({ p95 }) => (p95 ?? 0) / usual));
  const tell = (event: TargetedMouseEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const point = points[Math.floor(((event.clientX - left) / width) * points.length)];
    if (point === undefined) return;
    const { timeMs, p95 } = point;
    event.currentTarget.title = `${describe(timeMs)}: ${p95 === null ? 'unknown' : `${duration(p95)}, ${factor(p95 / usual)} the usual`}`;
  };
  return (
    <span
      class="strip"
      role="img"
      aria-label={`Usual p95 ${duration(usual)}, at worst ${factor(worst)}`}
      onMouseMove={tell}
    >
      <svg viewBox={`0 0 ${points.length} 1`} preserveAspectRatio="none" aria-hidden="true">
        {[...pathsOf(points, usual)].map(([color, path]) => (
          <path key={color} d={path} fill={`var(${color})`} />
        ))}
      </svg>
    </span>
  );
}

/** The buckets of each colour as one path: a fleet has many services, and each of them many buckets. */
function pathsOf(points: Points, usual: number): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [index, { p95 }] of points.entries()) {
    if (p95 === null) continue;
    const color = colorOf(p95 / usual);
    paths.set(color, `${paths.get(color) ?? ''}M${index} 0h1v1h-1z`);
  }
  return paths;
}

function colorOf(times: number): string {
  const step = times <= 1.15 ? 0 : Math.ceil((Math.log(times) / Math.log(MOST)) * (RAMP.length - 1));
  return RAMP[Math.min(RAMP.length - 1, step)] ?? RAMP[0];
}
