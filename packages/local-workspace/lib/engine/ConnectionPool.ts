import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier } from '../sql/quote';
import { CATALOG_PREFIX, INFORMATION_SCHEMA } from '../sql/rewrite';
import type { SqlSession } from '../sql/session';
import { UTC } from '../sql/zones';
import type { Database } from './database';
import { temporaryMacros } from './zoneMacros';
import { isSystemCatalog } from './systemCatalog';

const MAX_IDLE = 8;

/**
 * Connections of one session. A statement has a connection to itself while it runs, so statements of a session run side
 * by side; each connection gets the session's current schema, time zone and temporary views when it is taken.
 */
export class ConnectionPool {
  private readonly idle: DuckDBConnection[] = [];
  private readonly states = new WeakMap<DuckDBConnection, string>();
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly session: SqlSession,
  ) {}

  async take(): Promise<DuckDBConnection> {
    const connection = this.idle.pop() ?? (await this.database.connect());
    const { catalog, schema } = this.session;
    const views = [...this.session.temporaryViews.values()];
    const { zone } = this.session;
    const state = [catalog, schema, zone.name, ...views].join(';');
    const before = this.states.get(connection);
    if (before !== state) {
      const known = await this.database.hasSchema(connection, catalog, schema);
      const place = isSystemCatalog(catalog) ? 'main' : catalog;
      await connection.run(searchPath(place, known ? schema : INFORMATION_SCHEMA));
      // A new connection is in UTC by itself.
      if (before !== undefined || zone.name !== UTC.name) await connection.run(temporaryMacros(zone));
      for (const view of views) await connection.run(view).catch(withoutView);
      // A schema that is not there now may be made: the next statement looks again.
      if (known) this.states.set(connection, state);
    }
    return connection;
  }

  /** Takes a connection back. One with an unfinished result is not reusable. */
  give(connection: DuckDBConnection, reusable: boolean): void {
    if (reusable && !this.closed && this.idle.length < MAX_IDLE) this.idle.push(connection);
    else connection.closeSync();
  }

  close(): void {
    this.closed = true;
    for (const connection of this.idle.splice(0)) connection.closeSync();
  }
}

/** A view whose tables are gone fails the statements that use it, and no others. */
function withoutView(): void {}

/** Macros live in the built-in database; user objects resolve first. */
function searchPath(catalog: string, schema: string): string {
  const user = `${identifier(CATALOG_PREFIX + catalog)}.${identifier(schema)}`;
  return `SET search_path = '${user.replaceAll("'", "''")},memory.main'`;
}
