import type { HistoryRecord } from './historyRows';

/** Rows of JSON lines or of a JSON array. Throws a SyntaxError. */
export function jsonRecords(text: string): HistoryRecord[] {
  const trimmed = text.trim();
  const parsed: unknown[] = trimmed.startsWith('[')
    ? (JSON.parse(trimmed) as unknown[])
    : trimmed.split('\n').flatMap((line): unknown[] => (line.trim() === '' ? [] : [JSON.parse(line)]));
  return parsed.map((record) =>
    typeof record === 'object' && record !== null && !Array.isArray(record) ? (record as HistoryRecord) : {},
  );
}

/** Rows of CSV with a header. */
export function csvRecords(text: string): HistoryRecord[] {
  const [header, ...lines] = csvLines(text);
  if (header === undefined) return [];
  return lines.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
}

/** RFC 4180: quoted cells may hold commas, quotes and line breaks. */
function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, separator, quoted, plain] of text.matchAll(/(^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) {
    if (separator?.endsWith('\n') === true || lines.length === 0) lines.push((line = []));
    line.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return lines.filter((cells) => cells.length > 1 || cells[0] !== '');
}
