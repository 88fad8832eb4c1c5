import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import { expect } from 'chai';
import type { ConnectionSettings } from '../lib';
import { quietLogger } from './drivers';

const ROWS = 10_000_000;
const LIMIT_BYTES = 1.5e9;

describe('results at size', function () {
  this.timeout(600_000);

  it('streams ten million CloudFetch rows with the workspace below 1.5 GB', async () => {
    const child = fork(join(__dirname, '.stubs', 'workspaceProcess.ts'), {
      execArgv: ['-r', './tools/typescript.cjs'],
    });
    try {
      const [settings] = (await once(child, 'message')) as [ConnectionSettings];
      const client = new DBSQLClient({ logger: quietLogger });
      Object.assign(client.getConfig(), { disableRowMaterialization: true });
      await client.connect({ ...settings, telemetryEnabled: false });
      const session = await client.openSession();
      const started = Date.now();
      const operation = await session.executeStatement(
        `SELECT id, id * 3 AS triple, CAST(id AS STRING) || '-some-text' AS label, id / 7.0 AS share FROM range(${ROWS})`,
      );
      let rows = 0;
      do rows += (await operation.fetchChunk({ maxRows: 1_000_000, disableBuffering: true })).length;
      while (await operation.hasMoreRows());
      const seconds = (Date.now() - started) / 1000;
      await operation.close();
      child.send('peak');
      const [peakBytes] = (await once(child, 'message')) as [number];
      await client.close();
      console.log(`      ${rows} rows in ${seconds.toFixed(1)} s, peak ${(peakBytes / 1e6).toFixed(0)} MB`);
      expect(rows).to.equal(ROWS);
      expect(peakBytes).to.be.below(LIMIT_BYTES);
    } finally {
      child.kill();
    }
  });
});
