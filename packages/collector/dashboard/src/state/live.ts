import { computed, effect, signal } from '@preact/signals';
import type { StatementSummary } from '../../../lib/store/queries/summary';
import { CollectorError } from '../../../lib/client/CollectorClient';
import { client, noteAnswer } from './access';
import { change, parameter } from './address';
import { isAsking } from './asking';
import { nowMs } from './clock';
import { readEvents } from './events';
import { selection } from './selection';
import { filters, refresh, timeWindow } from './window';

const KEPT = 50;
/** The tail changes no more often than one can read. */
const REDRAW_MS = 500;
const REFRESH_MS = 2_500;
const AGAIN_MS = 2_000;

/** The newest statements first, as they arrived. */
export const arrived = signal<readonly StatementSummary[]>([]);
/** Statements that arrived since the view became live. */
export const arrivedCount = signal(0);
/** The reader looks at something: what arrives waits. */
export const paused = signal(false);
/** Why nothing is followed; null while something is. */
export const refusal = signal<string | null>(null);

export function setLive(on: boolean): void {
  change(on ? { live: '1', from: null, to: null, sel: null } : { live: null });
}

let waiting: StatementSummary[] = [];
let waitingCount = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let redrawnMs = 0;
let refreshedMs = 0;
/** Charts and tables do not show yet what has arrived. */
let behind = false;

/** Within one frame, and not sooner than a while after the last one, however much arrives. */
function later(): void {
  timer ??= setTimeout(
    () =>
      requestAnimationFrame(() => {
        timer = undefined;
        redraw();
      }),
    Math.max(0, redrawnMs + REDRAW_MS - performance.now()),
  );
}

function redraw(): void {
  if (paused.value || followed.value === null) return;
  redrawnMs = performance.now();
  arrivedCount.value += waitingCount;
  arrived.value = [...waiting.reverse(), ...arrived.value].slice(0, KEPT);
  [waiting, waitingCount] = [[], 0];
  behind = true;
}

/** Asks again, but never faster than the collector answers. */
function catchUp(): void {
  const atMs = performance.now();
  if (!behind || atMs - refreshedMs < REFRESH_MS || !timeWindow.value.moving || isAsking() || isLookedAt()) return;
  behind = false;
  refreshedMs = atMs;
  refresh();
}

/** A selection is read; under a chart that is drawn anew a tooltip, a box that is being dragged, a menu would be lost. */
const isLookedAt = (): boolean =>
  selection.value !== null || document.querySelector('.over:hover, .dragged, .pop') !== null;

function take(data: string): void {
  const { statements, left } = JSON.parse(data) as { statements: StatementSummary[]; left: number };
  const known = new Set([...waiting, ...arrived.value].map(({ statementId }) => statementId));
  const fresh = statements.filter(({ statementId }) => statementId === null || !known.has(statementId));
  waiting = [...waiting, ...fresh].slice(-KEPT);
  waitingCount += fresh.length + left;
  later();
}

/**
 * Reads the stream, first of all what started since `from`, until it ends or `abort` says so. An EventSource could not
 * send the token as a header.
 */
async function follow(abort: AbortSignal, from?: number): Promise<void> {
  const { body } = await client.value.until(abort).live({ ...filters.peek(), from });
  noteAnswer();
  refusal.value = null;
  if (body === null) return;
  await readEvents(body, (event, data) => {
    if (event === 'statements') take(data);
  });
}

/** What is followed, as a text; null while the view is not live. The stream begins anew only when this changes. */
const followed = computed(() => (parameter('live') === '1' ? JSON.stringify(filters.value) : null));

effect(() => {
  if (followed.value === null) return undefined;
  const abort = new AbortController();
  let retry: ReturnType<typeof setTimeout> | undefined;
  const begunMs = nowMs();
  const run = (from?: number): void => {
    const again = (): void => {
      if (!abort.signal.aborted) retry = setTimeout(run, AGAIN_MS, begunMs);
    };
    follow(abort.signal, from).then(again, (error: unknown) => {
      if (!abort.signal.aborted) {
        noteAnswer(error);
        refusal.value = error instanceof CollectorError ? error.message : null;
      }
      again();
    });
  };
  run();
  const catching = setInterval(catchUp, REDRAW_MS);
  return () => {
    abort.abort();
    clearTimeout(retry);
    clearInterval(catching);
    [waiting, waitingCount] = [[], 0];
    arrived.value = [];
    arrivedCount.value = 0;
    refusal.value = null;
  };
});

// What waited while the reader looked comes in when they are done.
effect(() => {
  if (!paused.value && waitingCount > 0) later();
});
