import { readFileSync } from 'node:fs';
import { CollectorClient } from '../client/CollectorClient';
import { checked, tokensIn } from '../http/Tokens';

export interface ClientFlags {
  readonly url: string;
  readonly tokenFile?: string;
}

export function clientOf({ url, tokenFile }: ClientFlags): CollectorClient {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Error('--url must be an address such as http://127.0.0.1:4300.');
  }
  const [token] =
    tokenFile === undefined
      ? [process.env['TELEMETRY_COLLECTOR_TOKEN']?.trim()]
      : tokensIn(readFileSync(tokenFile, 'utf8'));
  if (token === undefined && tokenFile !== undefined) throw new Error(`${tokenFile} holds no token.`);
  return new CollectorClient(url, token === undefined ? {} : { token: checked(token) });
}

/** What is there is never 0. */
export const sizeOf = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
