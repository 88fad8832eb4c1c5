import type { KeptPromise } from './promises';
import type { Summary } from './summary';

const HEADINGS = [
  'statement',
  'operation',
  'outcome',
  'format',
  'backend',
  'polls',
  'files',
  'bytes',
  'rows',
  'app saw',
];

/** Rows of cells as a table with aligned columns. */
function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${Math.round(value)} ms`;
}

function megabytes(bytes: number | undefined): string {
  if (bytes === undefined || bytes === 0) return '-';
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function mark(promise: KeptPromise): string {
  return `  ${promise.holds ? 'ok  ' : 'FAIL'} ${promise.name}${promise.holds ? '' : `: ${promise.detail}`}`;
}

/** The summary as a person reads it. */
export function render(summary: Summary): string {
  const rows = summary.statements.map(({ seen, received, local }) => [
    seen.label,
    received?.operation ?? 'not received',
    received?.outcome ?? '-',
    received?.format ?? '-',
    milliseconds(received?.latencyMs),
    String(received?.polls ?? '-'),
    received?.chunks ? String(received.chunks) : '-',
    megabytes(local?.bytes),
    String(local?.rows ?? '-'),
    `${seen.outcome}, ${seen.rows} ${seen.rows === 1 ? 'row' : 'rows'}, ${milliseconds(seen.wallMs)}`,
  ]);
  const { accounting, connect, requests } = summary;
  const dropped = Object.entries(accounting.droppedByReason).filter(([, count]) => count > 0);
  return [
    '',
    `What the telemetry endpoint received, beside what the application saw (driver ${summary.driver}):`,
    '',
    table([HEADINGS, ...rows]),
    '',
    '  bytes and rows are counted by the library and stay in the process: the service has no field for them.',
    '',
    `Records      collected ${accounting.collected} = delivered ${accounting.delivered} + rejected ${accounting.rejected}` +
      ` + dropped ${accounting.dropped} + pending ${accounting.pending}` +
      (dropped.length > 0 ? ` (${dropped.map(([reason, count]) => `${reason} ${count}`).join(', ')})` : ''),
    `Sessions     ${summary.sessions.opened} opened, ${summary.sessions.closed} closed`,
    `Requests     ${requests.featureFlag} feature flag, ${requests.telemetry} telemetry, ${requests.thrift} queries, ${requests.files} files`,
    `connect()    ${connect.withMs.toFixed(2)} ms with telemetry, ${connect.withoutMs.toFixed(2)} ms without (medians; the flag endpoint answers after ${connect.flagDelayMs} ms)`,
    `Thrown       ${summary.threw}`,
    '',
    ...summary.promises.map(mark),
    '',
    summary.ok ? 'Every promise holds.' : 'A promise does not hold.',
    '',
  ].join('\n');
}
