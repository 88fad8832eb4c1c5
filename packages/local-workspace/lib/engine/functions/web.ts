import { BIGINT, BLOB, BOOLEAN, DuckDBBlobValue, DuckDBListValue, INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { murmurBytes, murmurInt, murmurLong, xxhashBytes, xxhashInt, xxhashLong } from './hashing';
import { failure, type ScalarFunction } from './scalar';
import { firstJson } from './firstJson';
import { canonicalJson, namesOf } from './variantText';

function urlDecode(text: string, tries: boolean): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    if (tries) return null;
    throw failure('CANNOT_DECODE_URL', '22546', `The provided URL cannot be decoded: ${text}.`);
  }
}

function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

const URL_PARTS = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** A part of a URL, or with `=key` what the query says of that key. */
function parseUrl(url: string, part: string, asked: string): string | null {
  if (/[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/.test(url))
    throw failure('INVALID_URL', '22P02', `The url is invalid: ${url}.`);
  const [, protocol, authority, path, query, fragment] = URL_PARTS.exec(url) ?? [];
  const [user, host] = authority?.includes('@') === true ? authority.split('@') : [undefined, authority];
  // What follows the scheme of `mailto:a@b.c` has no parts.
  if (
    protocol !== undefined &&
    authority === undefined &&
    path?.startsWith('/') !== true &&
    !/^(?:PROTOCOL|REF)$/.test(part)
  )
    return null;
  if (asked !== '') {
    if (part !== 'QUERY') return null;
    const key = `${asked.slice(1)}=`;
    return (
      query
        ?.split('&')
        .find((pair) => pair.startsWith(key))
        ?.slice(key.length) ?? null
    );
  }
  switch (part) {
    case 'HOST':
      return host === undefined || host === '' ? null : host.replace(/:\d*$/, '');
    case 'PATH':
      return path ?? null;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return fragment ?? null;
    case 'PROTOCOL':
      return protocol ?? null;
    case 'FILE':
      return query === undefined ? (path ?? null) : `${path}?${query}`;
    case 'AUTHORITY':
      return authority ?? null;
    case 'USERINFO':
      return user ?? null;
    default:
      return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseJson(text: string, tries: boolean): string | null {
  const first = firstJson(text);
  if (first === null || parsed(first) === undefined) {
    if (tries) return null;
    throw failure(
      'MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION',
      '22023',
      'Malformed records are detected in record parsing.',
    );
  }
  const json = canonicalJson(first);
  if (json !== undefined) return json;
  if (tries) return null;
  throw failure('VARIANT_DUPLICATE_KEY', '22023', 'Failed to build variant because of a duplicate object key.');
}

function decodeBytes({ bytes }: DuckDBBlobValue, charset: string): string {
  switch (charset.toLowerCase()) {
    case 'us-ascii':
      if (bytes.some((byte) => byte > 127)) throw malformed('us-ascii');
      return strictly(bytes, 'utf-8');
    case 'utf-8':
      return strictly(bytes, 'utf-8');
    case 'iso-8859-1':
      return Buffer.from(bytes).toString('latin1');
    case 'utf-16le':
      return strictly(bytes, 'utf-16le');
    case 'utf-16be':
      if (bytes.length % 2 !== 0) throw malformed('utf-16be');
      return strictly(Buffer.from(Uint8Array.from(bytes)).swap16(), 'utf-16le');
    default:
      throw unknownCharset(charset);
  }
}

function malformed(charset: string): Error {
  return failure(
    'MALFORMED_CHARACTER_CODING',
    '22000',
    `Invalid value found when performing \`decode\` with ${charset}.`,
  );
}

/** Text of bytes that are nothing else. */
function strictly(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed(charset);
  }
}

const OTHER_CHARSETS = /^(?:US-ASCII|ISO-8859-1|UTF-16|UTF-32)$/i;

function unknownCharset(charset: string): Error {
  if (OTHER_CHARSETS.test(charset)) {
    return failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      `The charset ${charset} is not supported by the local workspace.`,
    );
  }
  return failure(
    'INVALID_PARAMETER_VALUE.CHARSET',
    '22023',
    `The value of the parameter \`charset\` is invalid: ${charset}.`,
  );
}

function encodeText(text: string, charset: string): DuckDBBlobValue {
  switch (charset.toLowerCase()) {
    case 'utf-8':
      return new DuckDBBlobValue(Buffer.from(text, 'utf8'));
    case 'utf-16le':
      return new DuckDBBlobValue(Buffer.from(text, 'utf16le'));
    case 'utf-16be':
      return new DuckDBBlobValue(Buffer.from(text, 'utf16le').swap16());
    default:
      throw unknownCharset(charset);
  }
}

let table: Uint32Array | undefined;

function crc32({ bytes }: DuckDBBlobValue): bigint {
  table ??= Uint32Array.from({ length: 256 }, (_entry, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return BigInt((crc ^ 0xffffffff) >>> 0);
}

export const WEB_FUNCTIONS: readonly ScalarFunction[] = [
  { name: '__url_decode', parameters: [VARCHAR, BOOLEAN], returns: VARCHAR, compute: urlDecode },
  { name: '__url_encode', parameters: [VARCHAR], returns: VARCHAR, compute: urlEncode },
  { name: '__parse_url', parameters: [VARCHAR, VARCHAR, VARCHAR], returns: VARCHAR, compute: parseUrl },
  { name: '__first_json', parameters: [VARCHAR], returns: VARCHAR, compute: firstJson },
  { name: '__parse_json', parameters: [VARCHAR, BOOLEAN], returns: VARCHAR, compute: parseJson },
  { name: '__decode', parameters: [BLOB, VARCHAR], returns: VARCHAR, compute: decodeBytes },
  { name: '__encode', parameters: [VARCHAR, VARCHAR], returns: BLOB, compute: encodeText },
  { name: '__crc32', parameters: [BLOB], returns: BIGINT, compute: crc32 },
  {
    name: '__json_array_length',
    parameters: [VARCHAR],
    returns: INTEGER,
    compute: (text: string): number | null => {
      const value = parsed(firstJson(text) ?? '');
      return Array.isArray(value) ? value.length : null;
    },
  },
  {
    name: '__json_object_keys',
    parameters: [VARCHAR],
    returns: LIST(VARCHAR),
    compute: (text: string): DuckDBListValue | null => {
      const first = firstJson(text) ?? '';
      const value = parsed(first);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? new DuckDBListValue(namesOf(first))
        : null;
    },
  },
  { name: '__murmur_int', parameters: [INTEGER, INTEGER], returns: INTEGER, compute: murmurInt },
  { name: '__murmur_long', parameters: [BIGINT, INTEGER], returns: INTEGER, compute: murmurLong },
  {
    name: '__murmur_bytes',
    parameters: [BLOB, INTEGER],
    returns: INTEGER,
    compute: ({ bytes }: DuckDBBlobValue, seed: number) => murmurBytes(bytes, seed),
  },
  { name: '__xxhash_int', parameters: [INTEGER, BIGINT], returns: BIGINT, compute: xxhashInt },
  { name: '__xxhash_long', parameters: [BIGINT, BIGINT], returns: BIGINT, compute: xxhashLong },
  {
    name: '__xxhash_bytes',
    parameters: [BLOB, BIGINT],
    returns: BIGINT,
    compute: ({ bytes }: DuckDBBlobValue, seed: bigint) => xxhashBytes(bytes, seed),
  },
];
