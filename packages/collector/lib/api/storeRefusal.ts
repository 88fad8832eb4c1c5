import { HttpError } from '../http/reply';
import { StoreFailure } from '../store/StoreFailure';

const LATER = { 'retry-after': '5' };

/** The answer for what the store cannot do, or cannot do now. */
export function storeRefusal(error: unknown): HttpError | undefined {
  if (!(error instanceof StoreFailure)) return undefined;
  const { code, message } = error;
  switch (code) {
    case 'no_room':
    case 'not_writable':
      return new HttpError(503, code, message, LATER);
    case 'reopening':
    case 'away':
      return new HttpError(503, `store_${code}`, message, LATER);
    case 'too_long':
    case 'abandoned':
      return new HttpError(503, code, message);
    case 'elsewhere':
      return new HttpError(409, 'kept_elsewhere', message);
  }
}
