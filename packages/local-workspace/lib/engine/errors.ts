import { SqlError } from '../sql/SqlError';
import { group } from './clauseErrorRules';
import { ERROR_RULES } from './errorRules';
import { CATALOG_PREFIX } from '../sql/rewrite';

/** What a client is told about an error that DuckDB or the translation threw. Total. */
export function toSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  const raw = error instanceof Error ? error.message : String(error);
  const own = /\[([A-Z_.]+)\|(\w{5})\]([^]*)/.exec(raw);
  if (own) return new SqlError(group(own), group(own, 2), group(own, 3).split('\n\nLINE')[0] ?? '');
  const message = raw.replaceAll(new RegExp(`\\b${CATALOG_PREFIX}(?=[a-z0-9_]+\\.)`, 'g'), '');
  for (const rule of ERROR_RULES) {
    const match = rule.pattern.exec(rule.condition === 'TABLE_OR_VIEW_NOT_FOUND' ? raw : message);
    if (match) return new SqlError(rule.condition, rule.sqlState, rule.text(match));
  }
  const [firstLine = ''] = message.split('\n');
  return new SqlError('INTERNAL_ERROR', 'XX000', firstLine.slice(0, 500));
}
