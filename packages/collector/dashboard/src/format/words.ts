import { dictionary } from './dictionary';
import { warehouseName } from '../state/names';

/** The API's names, of dimensions, formats and drivers, in a reader's words. */
const NAMES = dictionary('names');

export const nameOf = (name: string): string => NAMES.get(name) ?? name;

export const formatName = (format: string | null): string => (format === null ? 'unknown' : nameOf(format));

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
    case 'warehouse':
      return warehouseName(value);
    default:
      return value;
  }
}

/** What a driver is for, where it is one of Databricks' own. */
export const driverName = (driver: string | null): string => (driver === null ? 'unknown' : nameOf(driver));

/** `EXECUTE_STATEMENT` → `EXECUTE` */
export const operationName = (operation: string | null): string =>
  operation === null ? 'unknown' : operation.replace(/_STATEMENT$/, '');

export const outcomeName = (outcome: string | null): string => outcome?.replaceAll('_', ' ') ?? 'unknown';

const FAILED = new Set(['failed', 'timed_out', 'cancelled_by_server', 'connection_lost']);
export const isFailed = (outcome: string | null): boolean => outcome !== null && FAILED.has(outcome);

/** `01f0ca85…9e1fb0`: the head of such an id is its time. */
export const shortId = (id: string): string => (id.length <= 17 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`);
