import type { Overview } from '../../../lib/store/queries/overview';

/** Mean milliseconds of each phase that drivers tell, over the statements that tell it. */
export function meanPhases(overview: Overview | undefined): ReadonlyMap<string, number> {
  return new Map(
    overview?.phases.flatMap(({ phase, totalMs, statements }) =>
      totalMs === null || statements === 0 ? [] : [[phase, Math.round(totalMs / statements)]],
    ),
  );
}
