import { isNode, type Node } from './nodes';
import { tableParts } from './statements';

/** What a statement does to a table, as its history tells it. */
export interface Change {
  readonly table: string[];
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How many rows it was, by this name. */
  readonly rowsAs?: string;
  readonly ifNotExists?: boolean;
}

/** The change that a statement of that type makes; undefined when it makes none that a history has. */
export function changeOf(type: string, inner: Node): Change | undefined {
  const of = (table: unknown, operation: string, more: Partial<Change> = {}): Change => ({
    table: tableParts(table),
    operation,
    parameters: {},
    ...more,
  });
  switch (type) {
    case 'insert':
      return of(inner['table'], 'WRITE', {
        parameters: { mode: inner['overwrite'] === true ? 'Overwrite' : 'Append', partitionBy: '[]' },
        rowsAs: 'numOutputRows',
      });
    case 'update':
      return of(inner['table'], 'UPDATE', { rowsAs: 'numUpdatedRows' });
    case 'delete':
      return of(inner['table'], 'DELETE', { rowsAs: 'numDeletedRows' });
    case 'merge':
      return of(inner['this'], 'MERGE');
    case 'truncate':
      return of(firstOf(inner['names'] ?? inner['table']), 'TRUNCATE');
    case 'create_table': {
      if (inner['temporary'] === true) return undefined;
      const start = inner['or_replace'] === true ? 'CREATE OR REPLACE TABLE' : 'CREATE TABLE';
      return of(inner['name'], isNode(inner['as_select']) ? `${start} AS SELECT` : start, {
        parameters: { isManaged: 'true', description: '', partitionBy: '[]', properties: '{}' },
        ifNotExists: inner['if_not_exists'] === true,
      });
    }
    case 'alter_table':
      return of(inner['name'], alteration(inner));
    default:
      return undefined;
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}

const ALTERATIONS: Readonly<Record<string, string | undefined>> = {
  AddColumn: 'ADD COLUMNS',
  AddColumns: 'ADD COLUMNS',
  DropColumn: 'DROP COLUMNS',
  RenameColumn: 'RENAME COLUMN',
  AlterColumn: 'CHANGE COLUMN',
  AddConstraint: 'ADD CONSTRAINT',
  DropConstraint: 'DROP CONSTRAINT',
};

function alteration(inner: Node): string {
  const action = firstOf(inner['actions']);
  const [name = ''] = isNode(action) ? Object.keys(action) : [];
  return ALTERATIONS[name] ?? 'SET TBLPROPERTIES';
}
