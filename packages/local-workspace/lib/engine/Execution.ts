import { setTimeout as delay } from 'node:timers/promises';
import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types';
import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api';
import { RowSource } from '../results/RowSource';
import type { Change } from '../sql/changes';
import type { SqlSession } from '../sql/session';
import type { Translation } from '../sql/translate';
import type { ConnectionPool } from './ConnectionPool';
import type { Database } from './database';
import { toSqlError } from './errors';
import type { Consumer } from './MemoryGuard';
import type { SqlError } from '../sql/SqlError';
import { recordChange } from './history';
import { QueryStream } from './QueryStream';
import { SingleRow } from './SingleRow';
import { planStatement, type Plan } from './plan';
import { runCommand, type CommandResult } from './runCommand';
import { runDdl } from './runDdl';
import { countsOf, runSteps } from './steps';
import type { StagingCommands } from './staging';
import { columnsOf, refineIntervals, type ResultColumn } from './resultColumns';

/** The result of a statement that ran. */
export interface ExecutionResult {
  columns: readonly ResultColumn[];
  rows: RowSource | undefined;
  isStaging: boolean;
  modifiedRows: number | undefined;
}

export interface ExecutionContext {
  database: Database;
  pool: ConnectionPool;
  session: SqlSession;
  staging: StagingCommands;
}

/** What a client asked for: its own SQL, or a query over the catalog that a metadata call needs. */
export type Work =
  | { kind: 'statement'; sql: string; parameters: readonly TSparkParameter[] }
  | { kind: 'internal'; build: (connection: DuckDBConnection) => Promise<string> };

/** What is known of a query before it runs. */
type Expected = Pick<Translation, 'isSingle' | 'columns'>;

const ROW: Expected = { isSingle: true, columns: [] };
const ROWS: Expected = { isSingle: false, columns: [] };

/** Rows read before a statement counts as executed; an error in any of them is an error of the statement. */
const EAGER_ROWS = 400_000;

const INTERRUPT_AGAIN_MS = 20;

/** One statement on a connection of its own, which it holds until its rows are read or it is closed. */
export class Execution implements Consumer {
  private connection: DuckDBConnection | undefined;
  private readonly stopping = new AbortController();
  private rows: RowSource | undefined;
  private reusable = true;
  private running = false;
  private closing = false;
  private failure: SqlError | undefined;
  private watching: ReturnType<Database['guard']['watch']> | undefined;

  constructor(private readonly context: ExecutionContext) {}

  get tenant(): string {
    return this.context.session.user;
  }

  /** Rejects with a SqlError; after `interrupt()` with any error. */
  async run(work: Work): Promise<ExecutionResult> {
    this.running = true;
    this.watching = this.context.database.guard.watch(this);
    try {
      const result = await this.started(work);
      this.running = false;
      this.watching.hold();
      if (this.closing || result.rows?.drained !== false) this.close();
      return { ...result, columns: refineIntervals(result) };
    } catch (error) {
      this.running = false;
      this.discard();
      throw toSqlError(this.failure ?? error);
    }
  }

  private async started(work: Work): Promise<ExecutionResult> {
    const result = await this.start(work);
    await result.rows?.fill(EAGER_ROWS);
    return result;
  }

  private async start(work: Work): Promise<ExecutionResult> {
    await this.context.database.prepared;
    if (work.kind === 'internal') {
      const connection = await this.connect();
      return this.query(connection, await work.build(connection), ROWS);
    }
    const connection = await this.connect();
    const plan = await planStatement(work.sql, work.parameters, { ...this.context, connection });
    if (plan.kind === 'command') {
      const { sql, isStaging } = await this.runCommand(plan, connection);
      return sql === undefined ? empty() : { ...(await this.query(connection, sql, ROWS)), isStaging };
    }
    if (plan.sleepMs > 0) await delay(plan.sleepMs, undefined, { signal: this.stopping.signal, ref: false });
    try {
      return await this.runPlan(plan, connection);
    } finally {
      if (plan.kind === 'ddl' || plan.kind === 'temporary-view') this.context.database.changed();
    }
  }

  private async runCommand(
    plan: Extract<Plan, { kind: 'command' }>,
    connection: DuckDBConnection,
  ): Promise<CommandResult> {
    try {
      const { signal } = this.stopping;
      const { source, parameters } = plan;
      return await runCommand(plan.command, { ...this.context, connection, source, parameters, signal });
    } finally {
      if (/^(?:create-|drop-|alter$)/.test(plan.command.kind)) this.context.database.changed();
    }
  }

  private async runPlan(
    plan: Exclude<Plan, { kind: 'command' }>,
    connection: DuckDBConnection,
  ): Promise<ExecutionResult> {
    switch (plan.kind) {
      case 'query':
      case 'explain':
        return this.query(connection, plan.sql, plan);
      case 'ddl':
        await runDdl(plan, connection, this.context.session, async () => {
          return (await this.runSteps(connection, plan.sql)).rowsChanged;
        });
        return empty();
      case 'temporary-view': {
        const { temporaryViews } = this.context.session;
        await connection.run(plan.sql);
        temporaryViews.set(plan.viewName ?? '', plan.sql.replace(/^CREATE (?:OR REPLACE )?/i, 'CREATE OR REPLACE '));
        return empty();
      }
      default:
        return this.modify(plan, connection);
    }
  }

  private runSteps(connection: DuckDBConnection, sql: string): Promise<DuckDBMaterializedResult> {
    const { database, session } = this.context;
    return runSteps(sql, { connection, database, session, signal: this.stopping.signal });
  }

  private async modify(
    { kind, sql, change }: { kind: string; sql: string; change?: Change },
    connection: DuckDBConnection,
  ): Promise<ExecutionResult> {
    const counts = await countsOf(kind, await this.runSteps(connection, sql));
    const count = counts['num_affected_rows'] ?? 0;
    if (change) await recordChange(connection, this.context.session, change, count);
    const columns = Object.entries(counts).map(([name, rows]) => `CAST(${rows} AS BIGINT) AS ${name}`);
    const result = await this.query(connection, `SELECT ${columns.join(', ')}`, ROW);
    return { ...result, modifiedRows: count };
  }

  private async connect(): Promise<DuckDBConnection> {
    const connection = await this.context.pool.take();
    this.connection = connection;
    this.stopping.signal.throwIfAborted();
    return connection;
  }

  private async query(
    connection: DuckDBConnection,
    sql: string,
    { isSingle, columns }: Expected,
  ): Promise<ExecutionResult> {
    this.reusable = false;
    const reading = { turns: this.context.database.turns, tenant: this.context.session.user };
    const source = await (isSingle ? SingleRow : QueryStream).open(connection, sql, this.stopping.signal, reading);
    const rows = new RowSource(source);
    this.rows = rows;
    return {
      columns: columnsOf(source.result, columns, this.context.session.zone),
      rows,
      isStaging: false,
      modifiedRows: undefined,
    };
  }

  /** Share of the work that is done, 0 to 1, as far as the database can tell. */
  progress(): number {
    const percentage = this.connection?.progress.percentage ?? 0;
    return percentage > 0 ? Math.min(percentage / 100, 1) : 0;
  }

  /** Ends the running statement at once. */
  interrupt(): void {
    this.stopping.abort();
    const { connection } = this;
    if (connection && (this.running || this.rows?.drained === false)) this.context.database.end(connection);
    if (this.running) setTimeout(() => this.interruptAgain(), INTERRUPT_AGAIN_MS).unref();
  }

  /** Ends the statement with this error: that of its run, or of the next row that is read. */
  fail(error: SqlError): void {
    this.failure ??= error;
    this.rows?.discard(error);
    this.interrupt();
    this.close();
  }

  /** An interrupt is lost on a query that was handed to the database but has not begun there. */
  private interruptAgain(): void {
    if (!this.running) return;
    if (this.connection) this.context.database.end(this.connection);
    setTimeout(() => this.interruptAgain(), INTERRUPT_AGAIN_MS).unref();
  }

  /** Gives the connection back, as soon as nothing runs on it. Idempotent. */
  close(): void {
    this.closing = true;
    if (this.running) return;
    if (this.rows?.empty !== false) this.watching?.leave();
    const { connection } = this;
    if (!connection) return;
    this.connection = undefined;
    const reusable = this.reusable || this.rows?.drained === true;
    if (reusable && this.stopping.signal.aborted) this.context.database.allow(connection);
    this.context.pool.give(connection, reusable);
  }

  /** Closes it and gives up the rows that were not read. Idempotent. */
  discard(): void {
    this.rows?.discard();
    this.close();
  }
}

function empty(): ExecutionResult {
  return { columns: [], rows: undefined, isStaging: false, modifiedRows: undefined };
}
