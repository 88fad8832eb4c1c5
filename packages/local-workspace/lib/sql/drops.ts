import type { Node } from './nodes';
import { tableParts } from './statements';

/** What DROP TABLE or DROP VIEW is to take away. */
export interface Drop {
  readonly type: 'TABLE' | 'VIEW';
  /** As it was written. */
  readonly name: readonly string[];
  readonly ifExists: boolean;
}

/** Undefined for statements of other types. */
export function dropOf(type: string, inner: Node): Drop | undefined {
  const ifExists = inner['if_exists'] === true;
  if (type === 'drop_view') return { type: 'VIEW', name: tableParts(inner['name']), ifExists };
  const names = type === 'drop_table' && Array.isArray(inner['names']) ? (inner['names'] as unknown[]) : [];
  return names.length === 0 ? undefined : { type: 'TABLE', name: tableParts(names[0]), ifExists };
}
