/** Values between the scenarios and this driver: what is bound, what is read, and the SQLSTATE of what is thrown. */
import { DBSQLParameter, DBSQLParameterType } from '@databricks/sql';
import type { ParameterCase } from '../scenarios';

/** Text for scalars; lists and objects as they are. */
export function text(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(text);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, text(v)]));
  return String(value as string | number | bigint | boolean);
}

/** The day of a text that `text` made of a date. */
export const dayOf = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, 10) : value);

const TYPES: Readonly<Record<string, DBSQLParameterType>> = {
  int: DBSQLParameterType.INTEGER,
  bigint: DBSQLParameterType.BIGINT,
  double: DBSQLParameterType.DOUBLE,
  decimal: DBSQLParameterType.DECIMAL,
  date: DBSQLParameterType.DATE,
  timestamp: DBSQLParameterType.TIMESTAMP,
};

export function bound({ type, value }: ParameterCase['bind'][number]): DBSQLParameter {
  const kind = TYPES[type];
  if (value === null || kind === undefined)
    return new DBSQLParameter({ value: type === 'boolean' ? value === 'true' : value });
  return new DBSQLParameter({ type: kind, value });
}

export function sqlState(error: Error): string | null {
  const { response } = error as { response?: { sqlState?: string; status?: { sqlState?: string } } };
  const stated = response?.sqlState ?? response?.status?.sqlState;
  return stated ?? /SQLSTATE: (\w{5})/.exec(error.message)?.[1] ?? null;
}
