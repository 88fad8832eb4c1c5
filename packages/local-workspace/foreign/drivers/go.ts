import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Driver } from '../Driver';
import { DRIVER_SCENARIOS } from '../scenarios';
import { filled, outputOf, step } from './install';

const SOURCES = join(__dirname, '../go');
const FILES = ['go.mod', 'go.sum', 'main.go'].map((name) => join(SOURCES, name));
const VERSION = /databricks-sql-go v(\S+)/.exec(readFileSync(join(SOURCES, 'go.mod'), 'utf8'))?.[1];

export const GO_DRIVER: Driver = {
  name: 'databricks-sql-go',
  version: VERSION ?? 'unknown',
  protocol: 'Thrift',
  sendsTelemetry: true,
  runs: [
    { mode: 'files', scenarios: DRIVER_SCENARIOS },
    { mode: 'arrow', scenarios: ['types'] },
  ],
  install(cache): Command | string {
    if (outputOf('go', 'version') === undefined) return 'no Go';
    const folder = filled(cache, 'go', FILES, (empty) => {
      step('go', ['build', '-mod=readonly', '-o', join(empty, 'main'), '.'], SOURCES);
    });
    return { file: join(folder, 'main'), args: [], namedByProcess: true };
  },
};
