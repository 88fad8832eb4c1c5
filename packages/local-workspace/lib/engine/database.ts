import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { makeFolder } from '../dataFolder';
import { identifier, literal } from '../sql/quote';
import { isSystemCatalog, isSystemSchema } from './systemCatalog';
import { CATALOG_PREFIX, HIDDEN_SCHEMAS, INFORMATION_SCHEMA } from '../sql/rewrite';
import { LargeStatements } from '../sql/LargeStatements';
import { schemaNotFound, SqlError } from '../sql/SqlError';
import type { KnownTable } from '../sql/compile/context';
import type { Translation } from '../sql/translate';
import { copiedFilesTable } from './copyInto/copiedFiles';
import { grantsTable } from './grantQueries';
import { historyTable } from './history';
import { registerFunctions } from './functions';
import { MACROS } from './macros';
import { MemoryGuard } from './MemoryGuard';
import { Turns } from './Turns';

const INITIAL_CATALOGS = ['main', 'hive_metastore', 'samples'];
/** Connections that are not used again are never taken out; their ids are not given again. */
const MOST_ENDING = 10_000;
const CATALOG_NAME = /^[a-z0-9_-]{1,100}$/;

/**
 * DuckDB, locked down: it reads and writes no file but its own catalogs and those in volumes, loads no extension, and its configuration is
 * fixed. A Databricks catalog `x` is the attached database `c_x`.
 */
export class Database {
  /**
   * Turns at the threads that Node.js shares among everything, which a statement holds while the database works on it.
   * One thread stays free in any case.
   */
  readonly turns = new Turns(2, Math.max(2, Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) - 1));
  readonly large = new LargeStatements();

  private preparing: Promise<void> = Promise.resolve();

  /** Ids of connections whose statement is to end, latest last. */
  private readonly ending = new Set<number>();

  /** Counts changes of tables, views and schemas. */
  version = 0;
  /** Tables that were looked up since the last change, by database, schema and name. */
  readonly tables = new Map<string, KnownTable>();
  /** Statements that were translated since the last change. */
  readonly translations = new Map<string, Translation>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly folder: string | undefined,
    readonly guard: MemoryGuard,
  ) {}

  static async open(
    dataDir: string | undefined,
    memoryBytes: number | undefined,
    volumeFolder: string,
  ): Promise<Database> {
    const folder = dataDir === undefined ? undefined : join(dataDir, 'catalogs');
    if (folder !== undefined) makeFolder(folder);
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      // One thread more than processors: the one that asks is not one that works.
      threads: String(availableParallelism() + 1),
      temp_directory: '',
      ...(memoryBytes === undefined ? {} : { memory_limit: `${memoryBytes}B` }),
    });
    const database = new Database(instance, folder, new MemoryGuard(memoryBytes));
    const connection = await instance.connect();
    registerFunctions(connection, database.guard, database.ending);
    await connection.run(MACROS.map((macro) => `CREATE MACRO memory.main.${macro}`).join('; '));
    for (const name of database.existingCatalogs()) await database.attach(connection, name);
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    const folders = [...(folder === undefined ? [] : [folder]), volumeFolder].map((path) => literal(`${path}/`));
    await connection.run(`SET allowed_directories = [${folders.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    connection.closeSync();
    return database;
  }

  /** Statements wait for `work`, and fail when it does. */
  async prepare(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    this.preparing = this.connect().then((connection) => work(connection).finally(() => connection.closeSync()));
    await this.preparing;
  }

  /** Ends what runs on `connection`, also inside of a loop in one value, which the database's own interrupt does not. */
  end(connection: DuckDBConnection): void {
    connection.interrupt();
    this.ending.add(connection.clientContext.connectionId);
    const [longest = 0] = this.ending;
    if (this.ending.size > MOST_ENDING) this.ending.delete(longest);
  }

  /** What comes next on `connection` may run. */
  allow(connection: DuckDBConnection): void {
    this.ending.delete(connection.clientContext.connectionId);
  }

  /** When statements may run. Rejects with what `prepare` failed with. */
  get prepared(): Promise<void> {
    return this.preparing;
  }

  private existingCatalogs(): string[] {
    const files = this.folder === undefined ? [] : readdirSync(this.folder);
    const stored = files.filter((file) => file.endsWith('.duckdb')).map((file) => file.slice(0, -'.duckdb'.length));
    return [...new Set([...INITIAL_CATALOGS, ...stored])];
  }

  private async attach(connection: DuckDBConnection, name: string): Promise<void> {
    const path = this.folder === undefined ? ':memory:' : this.file(name);
    const internal = identifier(CATALOG_PREFIX + name);
    await connection.run(`ATTACH ${literal(path)} AS ${internal}`);
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${internal}."default"`);
    // Where an unqualified name is looked for in a session whose schema is not there. Earlier releases kept views in it.
    const nowhere = `${internal}.${identifier(INFORMATION_SCHEMA)}`;
    await connection.run(`DROP SCHEMA IF EXISTS ${nowhere} CASCADE; CREATE SCHEMA ${nowhere}`);
    for (const table of [copiedFilesTable, historyTable, grantsTable]) await connection.run(table(name));
  }

  private file(name: string): string {
    return join(this.folder ?? '', `${name}.duckdb`);
  }

  /** To be called when a statement may have changed what tables there are. */
  changed(): void {
    this.version += 1;
    this.tables.clear();
    this.translations.clear();
  }

  connect(): Promise<DuckDBConnection> {
    return this.instance.connect();
  }

  /** Throws a SqlError for a name that is taken or that cannot be a file name. */
  async createCatalog(connection: DuckDBConnection, rawName: string, ifNotExists: boolean): Promise<void> {
    const name = rawName.toLowerCase();
    if (!CATALOG_NAME.test(name)) {
      throw new SqlError('INVALID_IDENTIFIER', '42602', `The catalog name \`${rawName}\` is invalid.`);
    }
    if (await this.knowsCatalog(connection, name)) {
      if (ifNotExists) return;
      throw new SqlError('CATALOG_ALREADY_EXISTS', '42P06', `Cannot create catalog \`${name}\`: it already exists.`);
    }
    await this.attach(connection, name);
  }

  /** Whether there was one. */
  async dropCatalog(connection: DuckDBConnection, rawName: string, ifExists: boolean): Promise<boolean> {
    const name = rawName.toLowerCase();
    if (!(await this.hasCatalog(connection, name))) {
      if (ifExists) return false;
      throw catalogNotFound(name);
    }
    await connection.run(`DETACH ${identifier(CATALOG_PREFIX + name)}`);
    if (this.folder !== undefined && CATALOG_NAME.test(name)) rmSync(this.file(name), { force: true });
    return true;
  }

  async hasCatalog(connection: DuckDBConnection, name: string): Promise<boolean> {
    const reader = await connection.runAndReadAll(
      `SELECT 1 FROM duckdb_databases() WHERE database_name = ${literal(CATALOG_PREFIX + name.toLowerCase())}`,
    );
    return reader.currentRowCount > 0;
  }

  /** Whether it can be read: also `system`, which holds no tables of anybody's. */
  async knowsCatalog(connection: DuckDBConnection, name: string): Promise<boolean> {
    return isSystemCatalog(name) || this.hasCatalog(connection, name);
  }

  /** What is wrong with a schema that is not there: its catalog, or the schema itself. */
  async missing(connection: DuckDBConnection, catalog: string, schema: string): Promise<SqlError> {
    const isKnown = await this.knowsCatalog(connection, catalog);
    return isKnown ? schemaNotFound(catalog, schema) : catalogNotFound(catalog);
  }

  async knowsSchema(connection: DuckDBConnection, catalog: string, schema: string): Promise<boolean> {
    return isSystemSchema(catalog, schema) || this.hasSchema(connection, catalog, schema);
  }

  async hasSchema(connection: DuckDBConnection, catalog: string, schema: string): Promise<boolean> {
    if (HIDDEN_SCHEMAS.has(schema.toLowerCase())) return false;
    const reader = await connection.runAndReadAll(
      `SELECT 1 FROM duckdb_schemas() WHERE database_name = ${literal(CATALOG_PREFIX + catalog.toLowerCase())}` +
        ` AND lower(schema_name) = ${literal(schema.toLowerCase())}`,
    );
    return reader.currentRowCount > 0;
  }

  close(): void {
    void this.large.close();
    this.instance.closeSync();
  }
}

export function catalogNotFound(name: string): SqlError {
  return new SqlError('NO_SUCH_CATALOG_EXCEPTION', '42704', `Catalog '${name}' was not found.`);
}
