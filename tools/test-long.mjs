/*
 * npm run test:long [-- <text>]
 *
 * What `.ci/run` samples, run whole: about three hours; with a text, only the steps whose command holds it. A
 * failed step does not hide the later ones.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const STEPS = [
  'npm run bench -- structure --check',
  'npm run bench -- calls --check --driver 2.1.0 --driver 2.0.0 --driver 1.17.0 --driver 1.12.0',
  'npm run bench -- --check',
  'npm run bench -- fleet --check',
  'npm run test:oracle -w packages/local-workspace',
  'npm run bench -- soak',
  'npm run test:slow --workspaces --if-present',
  'npm run test:foreign -- --all',
  'npm run test:kill -w packages/collector',
  'npm run test:fuzz -w packages/collector',
  'env COLLECTOR_QUESTIONS=400 npx mocha packages/collector/tests/badQuestions.test.ts',
  'env COLLECTOR_OVERVIEW_STEPS=30 npx mocha packages/collector/tests/overviewOverTime.test.ts',
  'env COLLECTOR_SHARED_KILLS=20 npx mocha packages/collector/tests/engines/kill.test.ts',
  'env COLLECTOR_SHARED_KILLS=20 npm run test:clickhouse -w packages/collector',
  'npm run check:package -- --wide',
  'env BURST=5000 npx mocha tests/e2e/process/environments.test.ts -g burst',
  'env DATABRICKS_SQL_DRIVER=1.12.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=1.13.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=1.14.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=1.15.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=1.16.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=1.17.0 npm run test:e2e',
  'env DATABRICKS_SQL_DRIVER=2.0.0 npm run test:e2e',
  'node tools/newest-node.mjs node_modules/mocha/bin/mocha.js tests/e2e/**/*.test.ts',
];

const root = path.resolve(import.meta.dirname, '..');
const [text = ''] = process.argv.slice(2);
const steps = STEPS.filter((step) => step.includes(text));
const failed = steps.filter((step) => {
  const [command, ...options] = step.split(' ');
  process.stdout.write(`\n=== ${step}\n`);
  const { status, error } = spawnSync(command, options, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status !== 0;
});
process.stdout.write(`\n${steps.length - failed.length} passed, ${failed.length} failed\n`);
for (const step of failed) process.stdout.write(`failed: ${step}\n`);
process.exitCode = failed.length === 0 && steps.length > 0 ? 0 : 1;
