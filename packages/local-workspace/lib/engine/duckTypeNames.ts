import { typeName, type SqlType } from './types';

const SCALARS: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: { kind: 'tinyint' },
  SMALLINT: { kind: 'smallint' },
  INTEGER: { kind: 'int' },
  BIGINT: { kind: 'bigint' },
  HUGEINT: { kind: 'bigint' },
  UTINYINT: { kind: 'smallint' },
  USMALLINT: { kind: 'int' },
  UINTEGER: { kind: 'bigint' },
  UBIGINT: { kind: 'decimal', precision: 20, scale: 0 },
  FLOAT: { kind: 'float' },
  DOUBLE: { kind: 'double' },
  VARCHAR: { kind: 'string' },
  BLOB: { kind: 'binary' },
  DATE: { kind: 'date' },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamp' },
  TIMESTAMP: { kind: 'timestamp_ntz' },
  INTERVAL: { kind: 'interval day to second' },
  JSON: { kind: 'variant' },
  VARIANT: { kind: 'variant' },
};

/** The Databricks type of a column from the text in DuckDB's catalog, such as `STRUCT(a INTEGER, "b c" VARCHAR[])[]`. */
export function parseDuckType(text: string): SqlType {
  const source = text.trim();
  if (source.endsWith(']')) return { kind: 'array', element: parseDuckType(source.slice(0, source.lastIndexOf('['))) };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(source);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (source.startsWith('MAP(')) {
    const [key = 'VARCHAR', value = 'VARCHAR'] = splitTop(source.slice(4, -1));
    return { kind: 'map', key: parseDuckType(key), value: parseDuckType(value) };
  }
  if (source.startsWith('STRUCT(')) {
    return { kind: 'struct', fields: splitTop(source.slice(7, -1)).map(parseField) };
  }
  return SCALARS[source] ?? { kind: 'string' };
}

/** The Databricks name of a DuckDB type. */
export function databricksTypeName(duckType: string): string {
  return typeName(parseDuckType(duckType));
}

function parseField(text: string): { name: string; type: SqlType } {
  const source = text.trim();
  const quoted = /^"((?:[^"]|"")*)"\s+/.exec(source);
  if (quoted)
    return { name: (quoted[1] ?? '').replaceAll('""', '"'), type: parseDuckType(source.slice(quoted[0].length)) };
  const space = source.indexOf(' ');
  return { name: source.slice(0, space), type: parseDuckType(source.slice(space + 1)) };
}

/** Splits at commas outside of brackets and quotes. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
