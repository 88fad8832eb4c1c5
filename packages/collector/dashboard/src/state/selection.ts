import { computed } from '@preact/signals';
import { change, parameter } from './address';

/** A box in the heatmap. Without `minMs` or `maxMs` it is open at that end. */
export interface Box {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minMs: number | null;
  readonly maxMs: number | null;
}

export const selection = computed((): Box | null => {
  const parts = parameter('sel')?.split(',') ?? [];
  const [fromMs, toMs, minMs, maxMs] = parts.map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : null));
  if (parts.length !== 4 || fromMs == null || toMs == null || fromMs >= toMs) return null;
  return { fromMs, toMs, minMs: minMs ?? null, maxMs: maxMs ?? null };
});

export function select(box: Box | null, replace = false): void {
  change({ sel: box === null ? null : addressOf(box) }, replace);
}

export function addressOf({ fromMs, toMs, minMs, maxMs }: Box): string {
  return [fromMs, toMs, minMs ?? '', maxMs ?? ''].join(',');
}
