import type { Question } from '../../../../lib/client/CollectorClient';
import type { Marker } from '../../../../lib/store/queries/markers';
import { change, parameter } from '../../state/address';
import { question, timeWindow } from '../../state/window';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is compared: B, which the bar chooses or a moment cuts off, with A before it. */
export type Mode = 'split' | 'before' | 'yesterday' | 'own';

export interface Compared {
  readonly mode: Mode;
  readonly a: Span;
  readonly b: Span;
  /** The deployment at which the window is cut. */
  readonly marker: Marker | undefined;
}

const DAY_MS = 86_400_000;

const numberOf = (name: string): number | null => {
  const text = parameter(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
};

/** Whether the address says what is compared. */
export const saysWhat = (): boolean => ['split', 'vs', 'bf'].some((name) => parameter(name) !== null);

/** Reads the address. Without a word in it the last deployment of the window cuts it in two. */
export function comparedNow(markers: readonly Marker[]): Compared {
  const { fromMs, toMs } = timeWindow.value;
  const [splitMs, ownFromMs, ownToMs] = [numberOf('split'), numberOf('bf'), numberOf('bt')];
  const b = { fromMs, toMs };
  const length = toMs - fromMs;
  if (ownFromMs !== null && ownToMs !== null && ownFromMs < ownToMs) {
    return { mode: 'own', a: { fromMs: ownFromMs, toMs: ownToMs }, b, marker: undefined };
  }
  switch (parameter('vs')) {
    case 'before':
      return { mode: 'before', a: { fromMs: fromMs - length, toMs: fromMs }, b, marker: undefined };
    case 'yesterday':
      return { mode: 'yesterday', a: { fromMs: fromMs - DAY_MS, toMs: toMs - DAY_MS }, b, marker: undefined };
    default:
  }
  const last = markers.at(-1);
  const atMs = splitMs !== null && splitMs > fromMs && splitMs < toMs ? splitMs : last?.timeMs;
  if (atMs === undefined) return { mode: 'before', a: { fromMs: fromMs - length, toMs: fromMs }, b, marker: undefined };
  const marker = markers.find(({ timeMs }) => timeMs === atMs);
  return { mode: 'split', a: { fromMs, toMs: atMs }, b: { fromMs: atMs, toMs }, marker };
}

const NOTHING = { split: null, vs: null, bf: null, bt: null };

export function splitAt(ms: number): void {
  change({ ...NOTHING, split: String(Math.round(ms)) });
}

/** Changes to the mode; a moment is suggested where one is needed. */
export function compareWith(mode: Mode, markers: readonly Marker[]): void {
  const { fromMs, toMs } = timeWindow.value;
  switch (mode) {
    case 'split':
      splitAt(markers.at(-1)?.timeMs ?? (fromMs + toMs) / 2);
      return;
    case 'before':
    case 'yesterday':
      change({ ...NOTHING, vs: mode });
      return;
    case 'own':
      setBaseline({ fromMs: 2 * fromMs - toMs, toMs: fromMs });
  }
}

export function setBaseline({ fromMs, toMs }: Span): void {
  change({ ...NOTHING, bf: String(fromMs), bt: String(toMs) });
}

/** The question about one of the two. */
export const questionOf = ({ fromMs, toMs }: Span): Question => ({ ...question.value, from: fromMs, to: toMs });

/** The question about both; the API's `a` is B of the page. */
export const bothOf = ({ a, b }: Compared): Question => ({
  ...questionOf(b),
  baselineFrom: a.fromMs,
  baselineTo: a.toMs,
});
