/** The API's names in a reader's words. */
const NAMES: Readonly<Record<string, string>> = {
  service: 'Service',
  host: 'Host',
  warehouse: 'Warehouse',
  driver: 'Driver',
  driverVersion: 'Driver version',
  runtime: 'Runtime',
  runtimeVersion: 'Runtime version',
  mode: 'Protocol',
  os: 'Operating system',
  operation: 'Operation',
  format: 'Result format',
  compressed: 'Compression',
  directResults: 'Direct results',
  outcome: 'Outcome',
  errorClass: 'Error class',
  sqlState: 'SQLSTATE',
  retries: 'Retries',
  files: 'Files',
};

export const nameOf = (name: string): string => NAMES[name] ?? name;

const FORMATS: Readonly<Record<string, string>> = {
  EXTERNAL_LINKS: 'CloudFetch',
  INLINE_ARROW: 'Inline Arrow',
  COLUMNAR_INLINE: 'Columnar',
  INLINE_JSON: 'Inline JSON',
};

export const formatName = (format: string | null): string =>
  format === null ? 'unknown' : (FORMATS[format] ?? format);

/** A value of a dimension, so that it can stand alone. */
export function valueName(dimension: string, value: string | null): string {
  if (value === null) return 'unknown';
  switch (dimension) {
    case 'format':
      return formatName(value);
    case 'files':
      return value === 'none' ? 'no files' : `${value} files`;
    case 'retries':
      return value === 'none' ? 'not retried' : value;
    case 'compressed':
      return value === 'true' ? 'compressed' : 'not compressed';
    case 'outcome':
      return outcomeName(value);
    default:
      return value;
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  'nodejs-sql-driver': 'Node.js',
  'Databricks SQL Python Connector': 'Python',
  'oss-jdbc': 'JDBC',
  golang: 'Go',
};

/** What a driver is for, where it is one of Databricks' own. */
export const driverName = (driver: string | null): string =>
  driver === null ? 'unknown' : (LANGUAGES[driver] ?? driver);

/** `EXECUTE_STATEMENT` → `EXECUTE` */
export const operationName = (operation: string | null): string =>
  operation === null ? 'unknown' : operation.replace(/_STATEMENT$/, '');

export const outcomeName = (outcome: string | null): string => outcome?.replaceAll('_', ' ') ?? 'unknown';

const FAILED = new Set(['failed', 'timed_out', 'cancelled_by_server', 'connection_lost']);
export const isFailed = (outcome: string | null): boolean => outcome !== null && FAILED.has(outcome);

/** `01f0ca85…9e1fb0`: the head of such an id is its time. */
export const shortId = (id: string): string => (id.length <= 17 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`);
