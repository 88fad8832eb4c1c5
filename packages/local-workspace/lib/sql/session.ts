import type { Variable } from './variables';
import { UTC, type Zone } from './zones';

/** What a session remembers between statements. */
export interface SqlSession {
  catalog: string;
  schema: string;
  zone: Zone;
  readonly user: string;
  readonly configuration: Map<string, string>;
  /** Definitions of its temporary views, by lower-case name. */
  readonly temporaryViews: Map<string, string>;
  /** By lower-case name. */
  readonly variables: Map<string, Variable>;
}

export function newSqlSession(user: string, catalog: string, schema: string): SqlSession {
  return {
    catalog,
    schema,
    zone: UTC,
    user,
    configuration: new Map(),
    temporaryViews: new Map(),
    variables: new Map(),
  };
}
