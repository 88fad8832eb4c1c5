import { expect } from 'chai';
import { DRIVERS, harness } from './drivers';
import { request } from './request';

for (const { name, Client } of DRIVERS) {
  describe(`CloudFetch, driver ${name}`, () => {
    it('splits a result by rows and by bytes and records every file and download', async () => {
      const it_ = await harness({
        Client,
        cloudFetch: { thresholdBytes: 0, maxRowsPerFile: 2500, maxFileBytes: 10_000_000 },
      });
      try {
        const rows = await it_.rows('SELECT id, repeat(CAST(id AS STRING), 5) AS s FROM range(30000)');
        expect(rows).to.have.length(30_000);
        expect(rows[29_999]).to.deep.equal({ id: 29_999, s: '29999'.repeat(5) });
        const [record] = it_.workspace.received.statements().slice(-1);
        expect(record).to.include({ resultFormat: 'cloudfetch', filesOffered: 12, rows: 30_000, outcome: 'succeeded' });
        for (const file of record?.files ?? []) {
          expect(file.downloads.map(({ status, bytes }) => [status, bytes])).to.deep.equal([[200, file.bytes]]);
        }
      } finally {
        await it_.close();
      }
    });

    it('pages links when there are many', async () => {
      const cloudFetch = { thresholdBytes: 0, maxRowsPerFile: 1000, linksPerFetch: 4 };
      const it_ = await harness({ Client, cloudFetch, asyncAfterMs: 60_000 });
      try {
        expect(await it_.rows('SELECT id FROM range(10500)')).to.have.length(10_500);
        const [record] = it_.workspace.received.statements().slice(-1);
        expect(record).to.include({ filesOffered: 11, fetches: 2 });
      } finally {
        await it_.close();
      }
    });

    it('stays inline for a client that does not download, and below the threshold', async () => {
      const it_ = await harness({ Client });
      try {
        await it_.rows('SELECT id FROM range(200000)', { useCloudFetch: false });
        await it_.rows('SELECT id FROM range(1000)');
        const formats = it_.workspace.received.statements().map(({ resultFormat }) => resultFormat);
        expect(formats).to.deep.equal(['inline-arrow', 'inline-arrow']);
      } finally {
        await it_.close();
      }
    });
  });
}

describe('CloudFetch links', () => {
  it('work only as issued, only while they live, outlast their statement and end with the session', async () => {
    const it_ = await harness({
      cloudFetch: { thresholdBytes: 0, linkTtlMs: 2000, maxRowsPerFile: 100, linksPerFetch: 2 },
    });
    const { workspace } = it_;
    try {
      const operation = await it_.session.executeStatement('SELECT id FROM range(500)');
      await operation.fetchChunk({ maxRows: 100 });
      const [used] = workspace.received.requests({ route: 'cloudfetch' });
      const url = used?.url ?? '';
      const get = async (path: string) => (await request(workspace, { method: 'GET', path })).status;
      expect(await get(url)).to.equal(200);
      expect(await get(url.replace(/X-Expires=\d+/, 'X-Expires=99999999999999'))).to.equal(403);
      expect(await get(url.replace(/.$/, (c) => (c === '0' ? '1' : '0')))).to.equal(403);
      expect(await get(url.split('?')[0] ?? '')).to.equal(403);
      expect(await get('/cloudfetch/../../etc/passwd')).to.equal(403);
      expect((await request(workspace, { method: 'PUT', path: url, body: 'x' })).status).to.equal(405);
      await operation.close();
      expect(await get(url)).to.equal(200);
      await it_.session.close();
      expect(await get(url)).to.equal(404);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(await get(url)).to.equal(403);
    } finally {
      await it_.close();
    }
  }).retries(2); // Its links live two seconds.
});
