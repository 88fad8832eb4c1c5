import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { harness, type Harness, type HarnessOptions } from '../drivers';
import type { Entry, Verdict } from './replay';

const FOLDER = join(__dirname, '..', '..', 'oracle');

/** `ORACLE_ALL=1` replays everything in every format; without it a part is replayed, always the same. */
export const ALL = process.env['ORACLE_ALL'] === '1';

/** The lines of a file of the oracle. */
export function entriesOf(file: string): Entry[] {
  const bytes = readFileSync(join(FOLDER, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);
}

/** A workspace with the table `t`. */
export async function withTable(options: HarnessOptions = {}): Promise<Harness> {
  const it = await harness(options);
  await it.rows(`CREATE TABLE t AS ${readFileSync(join(FOLDER, 'setup.sql'), 'utf8')}`);
  return it;
}

/** What differs, one line each. */
export function differences(entries: readonly Entry[], verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict, i) => (verdict.kind === 'differs' ? [`${entries[i]?.[1]}: ${verdict.how}`] : []));
}

export interface Format {
  readonly name: string;
  /** Of how many expressions one is replayed. */
  readonly every: number;
  readonly options: HarnessOptions;
}

export const FORMATS: readonly Format[] = [
  { name: 'Arrow results', every: 1, options: { config: { useCloudFetch: false } } },
  { name: 'column-based results', every: ALL ? 1 : 6, options: { config: { arrowEnabled: false } } },
  {
    name: 'CloudFetch results',
    every: ALL ? 1 : 6,
    options: { config: { useCloudFetch: true }, cloudFetch: { thresholdBytes: 0 } },
  },
];

export function sampled(entries: readonly Entry[], every: number): Entry[] {
  return entries.filter((_entry, i) => Math.floor(i % every) === 0);
}
