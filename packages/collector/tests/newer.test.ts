import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCollector, type CollectorOptions } from 'databricks-telemetry-collector';

const HISTORY = { host: '127.0.0.1', path: '/sql/1.0/warehouses/abc', token: 'dapi-1' };

describe('a file of a newer release', () => {
  const files: readonly (readonly [file: string, name: string, options: CollectorOptions])[] = [
    ['history-pull.json', 'history-pull.json', { history: HISTORY }],
    ['checkpoint.json', 'The checkpoint', { store: 'clickhouse', clickhouse: { url: 'http://127.0.0.1:1' } }],
  ];
  for (const [file, name, options] of files) {
    it(`${file} keeps a collector from starting, which says what it is and leaves the folder to others`, async () => {
      const data = mkdtempSync(join(tmpdir(), 'collector-newer-'));
      const start = (): Promise<unknown> =>
        startCollector({ ...options, port: 0, data }).then(
          (collector) => collector.close(),
          (error: unknown) => (error as Error).message,
        );
      writeFileSync(join(data, file), JSON.stringify({ version: 9 }));
      const refused = `${name} has version 9; this release reads up to 1. Use a newer release of the collector.`;
      // Again the same: the first one holds neither the folder nor its lock.
      expect([await start(), await start()]).to.deep.equal([refused, refused]);
      rmSync(data, { recursive: true, force: true });
    });
  }
});
