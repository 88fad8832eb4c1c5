/*
 * npm run docs
 *
 * Brings the generated parts of docs/TELEMETRY.md up to date: the tables of options and fields, and the example records,
 * which come from a run against the local workspace.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { regenerated } from './document';
import { captureExamples } from './records';

const file = path.resolve(__dirname, '../../docs/TELEMETRY.md');

async function main(): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = await regenerated(before, file, await captureExamples());
  if (after !== before) await writeFile(file, after);
  process.stdout.write(
    after === before ? 'docs/TELEMETRY.md is up to date\n' : 'docs/TELEMETRY.md was brought up to date\n',
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
