import { NEEDED_COLUMNS, type HistoryRecord } from './historyRows';

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

/**
 * Rows of CSV with a header; one whose cells are not as many is empty. Throws a SyntaxError, also for a header without
 * the columns that are needed.
 */
export function csvRecords(text: string): HistoryRecord[] {
  const [header, ...lines] = csvLines(text);
  if (header === undefined) return [];
  if (!NEEDED_COLUMNS.every((name) => header.includes(name))) throw new SyntaxError('A column is missing.');
  return lines.map((cells) =>
    cells.length === header.length ? Object.fromEntries(header.map((name, index) => [name, cells[index]])) : {},
  );
}

/** RFC 4180: quoted cells may hold commas, quotes and line breaks. Throws a SyntaxError for quotes elsewhere. */
function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let end = 0;
  for (const match of text.matchAll(/(^|,|\r?\n)(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))/g)) {
    const [whole, separator, quoted, plain] = match;
    if (match.index !== end) break;
    end += whole.length;
    if (separator?.endsWith('\n') === true || lines.length === 0) lines.push((line = []));
    line.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  if (end !== text.length) throw new SyntaxError('A quote stands in the middle of a cell.');
  return lines.filter((cells) => cells.length > 1 || cells[0] !== '');
}
