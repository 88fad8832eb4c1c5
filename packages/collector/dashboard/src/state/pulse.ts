import { effect, signal } from '@preact/signals';
import type { LiveHealth } from '../../../lib/api/Endpoint';
import type { StoreHealth } from '../../../lib/store/queries/health';
import { client, noteAnswer, tokenWanted } from './access';
import { nowMs, setClock } from './clock';
import { refresh } from './window';

const EVERY_MS = 5_000;

/** How the collector is, asked again every few seconds while the page is in sight; null until it has answered. */
export const pulse = signal<(StoreHealth & LiveHealth) | null>(null);

let asking = false;

async function ask(): Promise<void> {
  if (asking || document.hidden || tokenWanted.value !== null) return;
  asking = true;
  try {
    const sinceMs = Date.now();
    const health = await client.value.health({ from: nowMs() - 60_000, to: nowMs() });
    pulse.value = health;
    noteAnswer();
    if (setClock(health.nowMs, sinceMs)) refresh();
  } catch (error: unknown) {
    noteAnswer(error);
  } finally {
    asking = false;
  }
}

// Also at once with another token.
effect(() => {
  if (client.value !== undefined && tokenWanted.value === null) void ask();
});
setInterval(() => void ask(), EVERY_MS);
