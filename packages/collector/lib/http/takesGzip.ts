import type { IncomingMessage } from 'node:http';

/** Whether the client takes a compressed answer: it says so, and not that it is the last thing that it wants. */
export function takesGzip({ headers }: IncomingMessage): boolean {
  const offers = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((offer) => offer.split(';').map((part) => part.trim()));
  const offer = offers.find(([coding]) => coding === 'gzip') ?? offers.find(([coding]) => coding === '*');
  return offer !== undefined && !offer.some((part) => /^q=0(?:\.0*)?$/.test(part));
}
