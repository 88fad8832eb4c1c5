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

/** `yes`: most statements have it; `some`: a part of them does. Between what was seen of each, so that a run changes no word. */
function word(percent: number): string {
  return percent >= 65 ? 'yes' : percent > 0 ? 'some' : 'no';
}

/** The table of DRIVERS.md: a column for each driver that sends something. */
export function toldTable(filled: ReadonlyMap<string, Filled>): string {
  const cell = (fields: readonly string[], counts: Filled): string =>
    word(Math.max(...fields.map((field) => counts.get(field) ?? 0)));
  const lines = [
    ['shown', ...filled.keys()],
    ...Object.entries(SHOWN).map(([shown, fields]) => [
      shown,
      ...[...filled.values()].map((counts) => cell(fields, counts)),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = lines;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...rest.map(row)].join('\n');
}

/** Puts the table into the document, or tells that the one there is another. */
export function documented(filled: ReadonlyMap<string, Filled>, write: boolean): string[] {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [start, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  const table = `\n\n${toldTable(filled)}\n\n`;
  if (text.slice(start, end) === table) return [];
  if (write) writeFileSync(DOCUMENT, text.slice(0, start) + table + text.slice(end));
  return write
    ? []
    : ['docs/DRIVERS.md tells something else of what the drivers fill: npm run test:foreign -- --write'];
}
