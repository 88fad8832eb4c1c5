import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many statements of a driver have a field, in percent, by the field's name. */
export type Filled = ReadonlyMap<string, number>;

const DOCUMENT = join(__dirname, '../../../docs/DRIVERS.md');
const [BEGIN, END] = ['<!-- told: begin -->', '<!-- told: end -->'];

/** Rows of the table: what is shown, and the fields that show it. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'service, session': ['service', 'sessionId'],
  'statement id': ['statementId'],
  'host, warehouse': ['host', 'warehouse'],
  'driver and its version': ['driver', 'driverVersion'],
  'runtime, operating system': ['runtime', 'runtimeVersion', 'os', 'osArch'],
  'how it signs in': ['authMech', 'authFlow'],
  latency: ['latencyMs'],
  'kind of call': ['operationType'],
  'kind of statement': ['statementType'],
  'result format': ['executionResult'],
  'time to the result': ['resultReadyLatencyMs'],
  'time of reading it': ['resultConsumptionLatencyMs'],
  polls: ['pollCount'],
  'files: how many': ['filesPresent', 'filesIterated'],
  'files: slowest': ['slowestFileLatencyMs'],
  'error class': ['errorClass', 'errorName'],
  SQLSTATE: ['sqlState'],
  retries: ['retryCount'],
  'rows, bytes': ['rowCount', 'byteCount'],
};

type Word = 'yes' | 'some' | 'no';

/** `yes`: most statements have it; `some`: a part of them does. */
function wordFor(percent: number): Word {
  return percent >= 65 ? 'yes' : percent > 0 ? 'some' : 'no';
}

/**
 * Whether a word of the document may stand beside what one run saw. What a driver tells of files and of reading depends on the
 * machine's speed from run to run (the driver for Java's above all), so only what contradicts the word refutes it.
 */
function stands(word: string | undefined, percent: number): boolean {
  switch (word) {
    case 'yes':
      return percent >= 50;
    case 'some':
      return percent < 90;
    case 'no':
      return percent <= 5;
    default:
      return false;
  }
}

const percentOf = (counts: Filled, fields: readonly string[]): number =>
  Math.max(...fields.map((field) => counts.get(field) ?? 0));

/** The cells between the markers, by row and column; empty where there is no table. */
function cellsOf(table: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const [head = [], , ...rows] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((text) => text.trim()),
    );
  return new Map(
    rows.map(([shown = '', ...words]) => [shown, new Map(words.map((word, i) => [head[i + 1] ?? '', word]))]),
  );
}

/** The table of DRIVERS.md: a column for each driver that sends something, with the words of `before` where they stand. */
export function toldTable(filled: ReadonlyMap<string, Filled>, before = ''): string {
  const told = cellsOf(before);
  const lines = [
    ['shown', ...filled.keys()],
    ...Object.entries(SHOWN).map(([shown, fields]) => [
      shown,
      ...[...filled].map(([driver, counts]) => {
        const [word, percent] = [told.get(shown)?.get(driver), percentOf(counts, fields)];
        return word !== undefined && stands(word, percent) ? word : wordFor(percent);
      }),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = lines;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...rest.map(row)].join('\n');
}

/** Puts the table into the document, or tells what in the one there contradicts what was seen. */
export function documented(filled: ReadonlyMap<string, Filled>, write: boolean): string[] {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [start, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  const before = text.slice(start, end);
  if (write) {
    writeFileSync(DOCUMENT, `${text.slice(0, start)}\n\n${toldTable(filled, before)}\n\n${text.slice(end)}`);
    return [];
  }
  return contradictions(before, filled).map(
    (problem) => `docs/DRIVERS.md: ${problem}: npm run test:foreign -- --write`,
  );
}

/** A sentence for each cell of `table` that `filled` refutes, and for each driver that only one of them has. */
export function contradictions(table: string, filled: ReadonlyMap<string, Filled>): string[] {
  const told = cellsOf(table);
  const drivers = new Set([...told.values()].flatMap((words) => [...words.keys()]));
  return [
    ...[...drivers].filter((driver) => !filled.has(driver)).map((driver) => `${driver} sent nothing`),
    ...[...filled].flatMap(([driver, counts]) =>
      Object.entries(SHOWN).flatMap(([shown, fields]) => {
        const [word, percent] = [told.get(shown)?.get(driver), percentOf(counts, fields)];
        return stands(word, percent) ? [] : [`"${shown}" of ${driver} is ${word ?? 'missing'}, seen in ${percent} %`];
      }),
    ),
  ];
}
