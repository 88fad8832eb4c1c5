import { join } from 'node:path';
import type { Driver } from '../Driver';
import { DRIVER_SCENARIOS } from '../scenarios';

const { version } = require('@databricks/sql/package.json') as { version: string };

/** The driver that the other tests use: the one to compare with. */
export const NODE_DRIVER: Driver = {
  name: '@databricks/sql',
  version,
  protocol: 'Thrift',
  // By databricks-sql-telemetry: what the driver has of its own asks and posts to port 443, and never to loopback.
  sendsTelemetry: true,
  runs: [
    { mode: 'files', scenarios: DRIVER_SCENARIOS },
    { mode: 'arrow', scenarios: ['types'] },
    { mode: 'columns', scenarios: ['types'] },
  ],
  install: () => ({
    file: process.execPath,
    args: ['-r', './tools/typescript.cjs', join(__dirname, '../node/main.ts')],
    cwd: join(__dirname, '../../../..'),
  }),
};
