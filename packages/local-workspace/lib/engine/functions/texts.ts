import { createHash } from 'node:crypto';
import { BLOB, BOOLEAN, DuckDBBlobValue, DuckDBListValue, INTEGER, BIGINT, LIST, VARCHAR } from '@duckdb/node-api';
import { formatText } from './format';
import { initcap } from './initcap';
import { failure, MAX_CHARACTERS, tooLarge, type ScalarFunction } from './scalar';

const VARCHARS = LIST(VARCHAR);

function pad(text: string, length: number, filler: string, left: boolean): string {
  const chars = [...text];
  if (chars.length >= length) return chars.slice(0, Math.max(length, 0)).join('');
  const fill = [...filler];
  if (fill.length === 0) return text;
  const count = length - chars.length;
  if (count > MAX_CHARACTERS) throw tooLarge();
  const missing = filler.repeat(Math.floor(count / fill.length)) + fill.slice(0, count % fill.length).join('');
  return left ? missing + text : text + missing;
}

const NO_THRESHOLD = -(2 ** 31);

/** The thread that answers requests compares them: it must not be held up. */
const MAX_COMPARISONS = 1_000_000;

function levenshtein(a: string, b: string, threshold: number): number {
  const [x, y] = [[...a], [...b]];
  if (x.length * y.length > MAX_COMPARISONS) {
    throw failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      'levenshtein() of texts this long is not supported by the local workspace.',
    );
  }
  let row = Array.from({ length: y.length + 1 }, (_cell, i) => i);
  x.forEach((char, i) => {
    const next = [i + 1];
    y.forEach((other, j) => {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (char === other ? 0 : 1)));
    });
    row = next;
  });
  const distance = row.at(-1) ?? 0;
  return threshold !== NO_THRESHOLD && distance > threshold ? -1 : distance;
}

function locate(needle: string, text: string, start: number): number {
  if (start < 1) return 0;
  const chars = [...text];
  if (needle === '') return 1;
  const before = chars.slice(0, start - 1).join('').length;
  const at = text.indexOf(needle, before);
  return at < 0 || start > chars.length ? 0 : [...text.slice(0, at)].length + 1;
}

function overlay(text: string, replacement: string, position: number, length: number): string {
  const chars = [...text];
  const cut = length < 0 ? [...replacement].length : length;
  const part = (start: number, count: number): string => {
    const from = start > 0 ? start - 1 : start < 0 ? chars.length + start : 0;
    return chars.slice(Math.max(from, 0), Math.max(from + count, 0)).join('');
  };
  return part(1, position - 1) + replacement + part(position + cut, Number.MAX_SAFE_INTEGER);
}

function substringIndex(text: string, delimiter: string, count: number): string {
  if (count === 0 || delimiter === '') return '';
  const parts = text.split(delimiter);
  return (count > 0 ? parts.slice(0, count) : parts.slice(count)).join(delimiter);
}

function translate(text: string, from: string, to: string): string {
  const target = [...to];
  const table = new Map<string, string>();
  [...from].forEach((char, i) => {
    if (!table.has(char)) table.set(char, target[i] ?? '');
  });
  return [...text].map((char) => table.get(char) ?? char).join('');
}

function splitPart(text: string, delimiter: string, index: number): string {
  if (index === 0) throw failure('INVALID_INDEX_OF_ZERO', '22003', 'The index 0 is invalid.');
  const parts = delimiter === '' ? [text] : text.split(delimiter);
  return parts.at(index > 0 ? index - 1 : index) ?? '';
}

function split(text: string, delimiter: string, limit: number): DuckDBListValue {
  const parts = delimiter === '' ? [...text] : text.split(delimiter);
  if (text === '') return new DuckDBListValue(['']);
  if (limit <= 0 || parts.length <= limit) return new DuckDBListValue(parts);
  return new DuckDBListValue([...parts.slice(0, limit - 1), parts.slice(limit - 1).join(delimiter)]);
}

const SOUNDEX = '01230127022455012623017202';

function soundex(text: string): string {
  const first = text[0] ?? '';
  if (!/[a-z]/i.test(first)) return text;
  const code = (char: string): string => SOUNDEX[char.toUpperCase().charCodeAt(0) - 65] ?? '7';
  let last = code(first);
  let result = first.toUpperCase();
  for (const char of text.slice(1)) {
    if (!/[a-z]/i.test(char)) {
      last = '0';
      continue;
    }
    const digit = code(char);
    if (digit === '7') continue;
    if (digit !== '0' && digit !== last) result += digit;
    last = digit;
    if (result.length === 4) break;
  }
  return result.padEnd(4, '0');
}

function luhn(text: string): boolean {
  if (!/^\d+$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, char, i) => {
    const digit = Number(char) * (i % 2 === 1 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}

function sha2(value: DuckDBBlobValue, bits: number): string | null {
  const name = { 0: 'sha256', 224: 'sha224', 256: 'sha256', 384: 'sha384', 512: 'sha512' }[bits];
  return name === undefined ? null : createHash(name).update(value.bytes).digest('hex');
}

function mask(text: string, upper: string, lower: string, digit: string): string {
  return [...text]
    .map((char) => (/\p{Lu}/u.test(char) ? upper : /\p{Ll}/u.test(char) ? lower : /\p{Nd}/u.test(char) ? digit : char))
    .join('');
}

function unhex(text: string, strict: boolean): DuckDBBlobValue | null {
  if (!/^[0-9a-f]*$/i.test(text)) {
    if (!strict) return null;
    throw failure(
      'CONVERSION_INVALID_INPUT',
      '22018',
      `The value '${text}' (STRING) cannot be converted to BINARY because it is malformed.`,
    );
  }
  return new DuckDBBlobValue(Buffer.from(text.length % 2 === 1 ? `0${text}` : text, 'hex'));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text. A warehouse keeps those that are no text in it; nothing here can. */
function textOfBytes(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      'CAST of bytes that are no UTF-8 to STRING is not supported by the local workspace.',
    );
  }
}

export const TEXT_FUNCTIONS: readonly ScalarFunction[] = [
  { name: '__pad', parameters: [VARCHAR, INTEGER, VARCHAR, BOOLEAN], returns: VARCHAR, compute: pad },
  { name: '__levenshtein', parameters: [VARCHAR, VARCHAR, INTEGER], returns: INTEGER, compute: levenshtein },
  { name: '__locate', parameters: [VARCHAR, VARCHAR, INTEGER], returns: INTEGER, compute: locate },
  { name: '__overlay', parameters: [VARCHAR, VARCHAR, INTEGER, INTEGER], returns: VARCHAR, compute: overlay },
  { name: '__substring_index', parameters: [VARCHAR, VARCHAR, INTEGER], returns: VARCHAR, compute: substringIndex },
  { name: '__translate', parameters: [VARCHAR, VARCHAR, VARCHAR], returns: VARCHAR, compute: translate },
  { name: '__split_part', parameters: [VARCHAR, VARCHAR, INTEGER], returns: VARCHAR, compute: splitPart },
  { name: '__split', parameters: [VARCHAR, VARCHAR, INTEGER], returns: VARCHARS, compute: split },
  {
    name: '__join',
    parameters: [VARCHARS, VARCHAR],
    returns: VARCHAR,
    compute: (list: DuckDBListValue, separator: string) => list.items.filter((item) => item !== null).join(separator),
  },
  { name: '__soundex', parameters: [VARCHAR], returns: VARCHAR, compute: soundex },
  { name: '__luhn_check', parameters: [VARCHAR], returns: BOOLEAN, compute: luhn },
  { name: '__sha2', parameters: [BLOB, INTEGER], returns: VARCHAR, compute: sha2 },
  { name: '__mask', parameters: [VARCHAR, VARCHAR, VARCHAR, VARCHAR], returns: VARCHAR, compute: mask },
  { name: '__unhex', parameters: [VARCHAR, BOOLEAN], returns: BLOB, compute: unhex },
  {
    name: '__cased',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    compute: (text: string, upper: boolean) => (upper ? text.toUpperCase() : text.toLowerCase()),
  },
  { name: '__initcap', parameters: [VARCHAR], returns: VARCHAR, compute: initcap },
  {
    name: '__reverse',
    parameters: [VARCHAR],
    returns: VARCHAR,
    compute: (text: string) => [...text].reverse().join(''),
  },
  {
    name: '__format',
    parameters: [VARCHAR, VARCHARS],
    returns: VARCHAR,
    compute: (pattern: string, list: DuckDBListValue) => formatText(pattern, list.items.map(String)),
  },
  {
    name: '__char',
    parameters: [BIGINT],
    returns: VARCHAR,
    compute: (value: bigint) => (value < 0n ? '' : String.fromCharCode(Number(value % 256n))),
  },
  {
    name: '__find_in_set',
    parameters: [VARCHAR, VARCHAR],
    returns: INTEGER,
    compute: (text: string, list: string) => (text.includes(',') ? 0 : list.split(',').indexOf(text) + 1),
  },
  {
    name: '__binary_text',
    parameters: [BLOB],
    returns: VARCHAR,
    compute: ({ bytes }: DuckDBBlobValue) => textOfBytes(bytes),
  },
  {
    name: '__unbase64',
    parameters: [VARCHAR],
    returns: BLOB,
    compute: (text: string): DuckDBBlobValue => {
      const plain = text.replace(/[^A-Za-z0-9+/=]/g, '');
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(plain)) {
        throw failure(
          'CONVERSION_INVALID_INPUT',
          '22018',
          `The value '${text}' (STRING) cannot be converted to BINARY because it is malformed.`,
        );
      }
      return new DuckDBBlobValue(Buffer.from(plain, 'base64'));
    },
  },
];
