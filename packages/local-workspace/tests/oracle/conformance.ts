import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { isSupported } from '../../lib/sql/compile/supported';
import { SPARK_FUNCTIONS } from '../../lib/sql/sparkFunctions';
import type { Harness } from '../drivers';
import { replay, type Entry, type Verdict } from './replay';
import { differences, entriesOf, withTable } from './table';

const PACKAGE = join(__dirname, '..', '..');
const README = join(PACKAGE, 'README.md');
const [START, END] = ['<!-- conformance: begin -->', '<!-- conformance: end -->'];

/** After so many expressions it says how far it is. */
const SLICE = 600;

const TITLES: Readonly<Record<string, string>> = {
  c: 'constants',
  r: 'over columns',
  a: 'aggregates',
  q: 'queries',
  z: 'in other time zones',
};

/** What fails in Spark has a statement of its own, so it does not stand between what can be asked together. */
async function replayed(workspace: Harness, entries: readonly Entry[], title: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const answered = entries.filter((entry) => entry[2] !== null);
  const failing = entries.filter((entry) => entry[2] === null);
  for (const part of [...slices(answered), ...slices(failing)]) {
    const judged = await replay(workspace, part, true);
    for (const difference of differences(part, judged)) console.error(difference);
    verdicts.push(...judged);
    console.error(`${title}: ${verdicts.length} of ${entries.length}`);
  }
  return verdicts;
}

function slices(entries: readonly Entry[]): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / SLICE) }, (_each, i) =>
    entries.slice(i * SLICE, (i + 1) * SLICE),
  );
}

async function replayedInZones(workspace: Harness, entries: readonly Entry[], title: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const kind of new Set(entries.map(([each]) => each))) {
    const session = await workspace.client.openSession({ configuration: { TIMEZONE: kind.slice(2) } });
    const own = entries.filter((entry) => entry[0] === kind);
    verdicts.push(...(await replayed({ ...workspace, session }, own, `${title}, ${kind.slice(2)}`)));
    await session.close();
  }
  return verdicts;
}

/** Writes what the table of agreement says into the README. */
async function main(): Promise<void> {
  const entries = entriesOf('table.jsonl');
  const workspace = await withTable();
  const rows: string[] = [];
  for (const [kind, title] of Object.entries(TITLES)) {
    const own = entries.filter((entry) => entry[0].split(':')[0] === kind);
    if (own.length === 0) continue;
    const verdicts = await (kind === 'z' ? replayedInZones : replayed)(workspace, own, title);
    const count = (wanted: string): number => verdicts.filter((verdict) => verdict.kind === wanted).length;
    rows.push(`| ${title} | ${own.length} | ${count('agrees')} | ${count('refused')} | ${count('differs')} |`);
  }
  await workspace.close();
  const names = [...SPARK_FUNCTIONS].sort();
  const section = [
    START,
    '',
    '| expressions | in the table | agree with Spark, value and type or SQLSTATE | refused by name | differ |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Functions that are here (${names.filter(isSupported).length}): ${names.filter(isSupported).join(', ')}.`,
    '',
    `Functions of Spark and Databricks that are refused by name (${names.filter((name) => !isSupported(name)).length}): every other one.`,
    '',
    END,
  ].join('\n');
  const text = readFileSync(README, 'utf8');
  const written = text.slice(0, text.indexOf(START)) + section + text.slice(text.indexOf(END) + END.length);
  writeFileSync(README, await format(written, { ...(await resolveConfig(README)), filepath: README }));
}

void main();
