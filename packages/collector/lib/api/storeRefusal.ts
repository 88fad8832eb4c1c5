import { HttpError } from '../http/reply';
import { StoreFailure } from '../store/StoreFailure';

const LATER = { 'retry-after': '5' };

/** The answer for what the store cannot do now. */
export function storeRefusal(error: unknown): HttpError | undefined {
  if (!(error instanceof StoreFailure)) return undefined;
  switch (error.code) {
    case 'no_room':
      return new HttpError(503, 'no_room', 'There is no room on the disk of the collector.', LATER);
    case 'not_writable':
      return new HttpError(503, 'not_writable', 'The data folder of the collector cannot be written.', LATER);
    case 'reopening':
      return new HttpError(503, 'store_reopening', 'The store is being opened again.', LATER);
  }
}
