import { computed, signal } from '@preact/signals';
import { CollectorClient, CollectorError } from '../../../lib/client/CollectorClient';

const TOKEN_NAME = 'sql-telemetry.token';

/** Where the page came from, with the path prefix of a proxy. */
export const baseAddress = new URL('.', location.href.split('#', 1)[0]).href;

/** Kept for this tab only, sent as a header, never part of an address. */
export const token = signal(sessionStorage.getItem(TOKEN_NAME) ?? '');
export const client = computed(
  () => new CollectorClient(baseAddress, token.value === '' ? {} : { token: token.value }),
);

/** Why the reader is asked for a token: what the collector says of the one it got, or because they want to give another. */
export const tokenWanted = signal<'unauthorized' | 'forbidden' | 'another' | null>(null);
/** Since when the collector has not answered; null while it does. */
export const silentSinceMs = signal<number | null>(null);

export function enterToken(text: string): void {
  sessionStorage.setItem(TOKEN_NAME, text);
  token.value = text;
  tokenWanted.value = null;
}

let answeredMs = Date.now();

/** Notes what an answer, or its lack, says of the collector. */
export function noteAnswer(error?: unknown): void {
  if (error === undefined || error instanceof CollectorError) {
    answeredMs = Date.now();
    silentSinceMs.value = null;
    if (error?.code === 'unauthorized' || error?.code === 'forbidden') tokenWanted.value = error.code;
  } else {
    silentSinceMs.value ??= answeredMs;
  }
}
