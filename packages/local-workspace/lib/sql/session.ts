/** What a session remembers between statements. */
export interface SqlSession {
  catalog: string;
  schema: string;
  readonly user: string;
  readonly configuration: Map<string, string>;
  /** Definitions of its temporary views, by lower-case name. */
  readonly temporaryViews: Map<string, string>;
}

export function newSqlSession(user: string, catalog: string, schema: string): SqlSession {
  return { catalog, schema, user, configuration: new Map(), temporaryViews: new Map() };
}
