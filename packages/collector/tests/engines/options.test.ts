import { expect } from 'chai';
import { OptionError, startCollector, type CollectorOptions } from 'databricks-telemetry-collector';

async function refusal(options: object): Promise<string> {
  const error: unknown = await startCollector({ port: 0, ...options } as CollectorOptions).then(
    () => new Error('It started.'),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(OptionError);
  return (error as Error).message;
}

const clickhouse = (more: object): object => ({
  store: 'clickhouse',
  clickhouse: { url: 'http://127.0.0.1:1', ...more },
});
const databricks = (more: object): object => ({
  store: 'databricks',
  databricks: { host: 'example.test', path: '/p', token: 'dapi-secret', schema: 'main.default', ...more },
});

describe('options of the stores', () => {
  const CASES: readonly (readonly [string, object, string])[] = [
    ['an engine that there is not', { store: 'postgres' }, "store must be 'duckdb', 'clickhouse' or 'databricks'."],
    ['ClickHouse without an address', { store: 'clickhouse' }, 'needs its address'],
    ['an address that is none', clickhouse({ url: 'ftp://x' }), 'needs its address'],
    ['credentials in the address', clickhouse({ url: 'http://me:secret@127.0.0.1' }), 'neither credentials'],
    ['a password over http beyond loopback', clickhouse({ url: 'http://db.test', password: 'x' }), 'https only'],
    [
      'a size for a store that has none',
      { ...clickhouse({}), retentionBytes: 5 },
      'retentionBytes is for the store duckdb',
    ],
    ['a warehouse without a token', databricks({ token: '' }), 'needs a token'],
    ['a host that is an address', databricks({ host: 'https://example.test/' }), 'name of the workspace'],
    ['a schema that would be SQL', databricks({ schema: 'main.x; DROP TABLE y' }), 'catalog.schema'],
    ['a volume that would be SQL', databricks({ volume: "/Volumes/a/b/c' x" }), '/Volumes/catalog/schema/volume'],
  ];
  for (const [what, options, words] of CASES) {
    it(`refuse ${what}, and say what is meant`, async () => {
      const message = await refusal(options);
      expect(message).to.include(words);
      expect(message).to.not.include('secret');
    });
  }
});
