import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';
import { startLocalWorkspace } from '../lib';
import { request } from './request';
import { RestClient } from './rest';

const REMOTE = '/Volumes/main/default/files/folder/data.txt';

for (const { name, Client } of DRIVERS) {
  describe(`volumes, driver ${name}`, () => {
    let it_: Harness;
    let folder: string;
    let local: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
      local = join(folder, 'up.txt');
      writeFileSync(local, 'content ☃');
      it_ = await harness({ Client, dataDir: join(folder, 'data') });
    });
    after(async () => {
      await it_.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const run = (sql: string) => it_.session.executeStatement(sql, { stagingAllowedLocalPath: [folder] });
    const failure = async (sql: string): Promise<string> => {
      const error: unknown = await run(sql).catch((e: unknown) => e);
      return String((error as { message?: string }).message);
    };

    it('puts, gets and removes a file', async () => {
      await run(`PUT '${local}' INTO '${REMOTE}' OVERWRITE`);
      const down = join(folder, 'down.txt');
      await run(`GET '${REMOTE}' TO '${down}'`);
      expect(readFileSync(down, 'utf8')).to.equal('content ☃');
      expect(readFileSync(join(folder, 'data/volumes/main/default/files/folder/data.txt'), 'utf8')).to.equal(
        'content ☃',
      );
      await run(`REMOVE '${REMOTE}'`);
      expect(await failure(`GET '${REMOTE}' TO '${down}'`)).to.contain('404');
    });

    it('answers the link to a missing file with 404, and removes a missing file without complaint', async () => {
      const missing = '/Volumes/main/default/files/missing.txt';
      const down = join(folder, 'missing.txt');
      const error: unknown = await run(`GET '${missing}' TO '${down}'`).catch((e: unknown) => e);
      expect(String(error)).to.contain('404');
      await run(`REMOVE '${missing}'`);
      const last = it_.workspace.received.requests({ route: 'volumes' }).slice(-2);
      expect(last.map(({ method, status }) => [method, status])).to.deep.equal([
        ['GET', 404],
        ['DELETE', 204],
      ]);
      expect(existsSync(down)).to.equal(false);
    });

    it('neither reads, removes nor overwrites a folder', async () => {
      await run(`PUT '${local}' INTO '${REMOTE}' OVERWRITE`);
      const parent = '/Volumes/main/default/files/folder';
      expect(await failure(`GET '${parent}' TO '${join(folder, 'x')}'`)).to.contain('404');
      expect(await failure(`PUT '${local}' INTO '${parent}' OVERWRITE`)).to.contain('403');
      await run(`REMOVE '${parent}'`);
      await run(`GET '${REMOTE}' TO '${join(folder, 'still.txt')}'`);
    });

    it('transfers only what the application allowed', async () => {
      const elsewhere = join(tmpdir(), 'elsewhere.txt');
      expect(await failure(`GET '${REMOTE}' TO '${elsewhere}'`)).to.match(/allowed/i);
    });

    it('overwrites only when told so', async () => {
      await run(`PUT '${local}' INTO '${REMOTE}' OVERWRITE`);
      expect(await failure(`PUT '${local}' INTO '${REMOTE}'`)).to.contain('FILE_IN_STAGING_PATH_ALREADY_EXISTS');
      await run(`PUT '${local}' INTO '${REMOTE}' OVERWRITE`);
      await run(`REMOVE '${REMOTE}'`);
    });

    it('refuses paths that are no volume file or that climb out', async () => {
      for (const path of ['/tmp/x', '/Volumes/main/default', '/Volumes/a/b/c/../../../../x', '/Volumes/a/b/c//x']) {
        expect(await failure(`PUT '${local}' INTO '${path}' OVERWRITE`)).to.contain('INVALID_PARAMETER_VALUE.PATH');
      }
    });

    it('refuses a local file without a name, and catalogs that are not there', async () => {
      for (const sql of [`PUT '' INTO '${REMOTE}' OVERWRITE`, `GET '${REMOTE}' TO ''`]) {
        expect(await failure(sql)).to.contain('EMPTY_LOCAL_FILE_IN_STAGING_ACCESS_QUERY');
      }
      const nowhere = '/Volumes/Nowhere/main/default/files/data.txt';
      for (const sql of [`PUT '${local}' INTO '${nowhere}'`, `GET '${nowhere}' TO '${local}'`, `REMOVE '${nowhere}'`]) {
        expect(await failure(sql)).to.contain("NOT_FOUND: Catalog 'nowhere' does not exist");
      }
      await it_.rows('CREATE CATALOG nowhere');
      await run(`PUT '${local}' INTO '${nowhere}'`);
    });

    it('serves a file only through the link that a statement issued', async () => {
      await run(`PUT '${local}' INTO '${REMOTE}' OVERWRITE`);
      const [put] = it_.workspace.received.requests({ route: 'volumes' }).slice(-1);
      const url = put?.url ?? '';
      expect((await request(it_.workspace, { method: 'GET', path: url })).status).to.equal(403);
      expect(
        (await request(it_.workspace, { method: 'PUT', path: url.replace('data.txt', 'other.txt'), body: 'x' })).status,
      ).to.equal(403);
      expect(
        (await request(it_.workspace, { method: 'PUT', path: url.split('?')[0] ?? '', body: 'x' })).status,
      ).to.equal(403);
    });
  });
}

describe('what a volume statement answers', () => {
  it('has its columns where the driver for Java looks: operation, link, headers, local file', async () => {
    const workspace = await startLocalWorkspace();
    try {
      const answer = await new RestClient(workspace).execute(`GET '${REMOTE}' TO '/tmp/x'`);
      const names = answer.manifest?.schema.columns.map(({ name }) => name);
      expect(names).to.deep.equal(['operation', 'presignedUrl', 'headers', 'localFile']);
    } finally {
      await workspace.close();
    }
  });
});
