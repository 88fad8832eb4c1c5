import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { REPORTS } from '../harness/places';
import { tablesOf, type Result } from '../harness/report';
import { cloudFetch } from './cloudFetch';
import { demoWorkload } from './demoWorkload';
import { tinyQueries } from './tinyQueries';

const WORKS = { tiny: tinyQueries, cloudfetch: cloudFetch, demo: demoWorkload } as const;

/** `--work tiny|cloudfetch|demo` (several times: each of them; default `tiny`), `--short`, `--json <file>`. No budgets. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      work: { type: 'string', multiple: true, default: ['tiny'] },
      short: { type: 'boolean', default: false },
      json: { type: 'string', default: path.join(REPORTS, 'turns.json') },
    },
  });
  const results: Result[] = [];
  for (const name of values.work) {
    const work = Object.entries(WORKS).find(([known]) => known === name)?.[1];
    if (work === undefined) throw new Error(`no such work: ${name} (${Object.keys(WORKS).join(', ')})`);
    results.push(...(await work(undefined, values.short)));
  }
  process.stdout.write(`${tablesOf(results)}\n`);
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ node: process.versions.node, results }, undefined, 2)}\n`);
}

void main().then(() => process.exit());
