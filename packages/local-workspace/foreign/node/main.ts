/** Runs the scenarios with `@databricks/sql`, observed by `databricks-sql-telemetry`; the task comes as JSON on standard input. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { DBSQLParameter } from '@databricks/sql';
import { DBSQLClient } from 'databricks-sql-telemetry';
import type { Task } from '../task';
import { STATEMENTS, type Scenario } from '../scenarios';
import { bound, dayOf, sqlState, text } from './values';

type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
type SessionRequest = NonNullable<Parameters<DBSQLClient['openSession']>[0]>;
type StatementOptions = NonNullable<Parameters<Session['executeStatement']>[1]>;
type Row = Record<string, unknown>;

const emit = (scenario: Scenario, name: string, values: readonly unknown[]): void =>
  void process.stdout.write(`${JSON.stringify({ scenario, case: name, values })}\n`);

class Program {
  constructor(private readonly task: Task) {}

  private async connect(oauth = false): Promise<DBSQLClient> {
    const { server, application, mode } = this.task;
    const client = new DBSQLClient({ logger: { log: () => undefined }, telemetryEnabled: true });
    Object.assign(client.getConfig(), { arrowEnabled: mode !== 'columns', useCloudFetch: mode === 'files' });
    const at = {
      host: server.host,
      port: server.port,
      path: server.path,
      customCaCert: readFileSync(server.caFile, 'utf8'),
      userAgentEntry: application,
    };
    // The driver knows hosts of the clouds alone for OAuth: the proxy leads that name to the workspace.
    const cloud = {
      host: server.cloudHost,
      port: 443,
      proxy: { protocol: 'http', host: '127.0.0.1', port: server.proxyPort },
      authType: 'databricks-oauth',
      oauthClientId: server.clientId,
      oauthClientSecret: server.clientSecret,
    } as const;
    await client.connect(oauth ? { ...at, ...cloud } : { ...at, token: server.token });
    return client;
  }

  private async within(
    work: (session: Session) => Promise<void>,
    request: SessionRequest = {},
    oauth = false,
  ): Promise<void> {
    const client = await this.connect(oauth);
    const session = await client.openSession(request);
    try {
      await work(session);
    } finally {
      await session.close();
      await client.close();
    }
  }

  private async rows(session: Session, sql: string, options: StatementOptions = {}): Promise<Row[]> {
    const operation = await session.executeStatement(sql, options);
    const rows = await operation.fetchAll();
    await operation.close();
    return rows as Row[];
  }

  private async column(session: Session, sql: string, options?: StatementOptions): Promise<unknown[]> {
    return (await this.rows(session, sql, options)).map((row) => text(Object.values(row)[0]));
  }

  token = (): Promise<void> =>
    this.within(async (session) => emit('token', 'user', await this.column(session, 'SELECT current_user() AS v')));

  oauth = (): Promise<void> =>
    this.within(
      async (session) => emit('oauth', 'user', await this.column(session, 'SELECT current_user() AS v')),
      {},
      true,
    );

  types = (): Promise<void> =>
    this.within(async (session) => {
      for (const { name, sql } of STATEMENTS.types) {
        const values = await this.column(session, sql);
        emit('types', name, name === 'date' ? values.map(dayOf) : values);
      }
    });

  parameters = (): Promise<void> =>
    this.within(async (session) => {
      for (const { name, type, sql, bind } of STATEMENTS.parameters) {
        const values: DBSQLParameter[] = bind.map(bound);
        const named = Object.fromEntries<DBSQLParameter | undefined>(
          bind.map((item, i) => [item.name ?? '', values[i]]),
        );
        const options = bind[0]?.name === undefined ? { ordinalParameters: values } : { namedParameters: named };
        const read = await this.column(session, sql, options);
        emit('parameters', name, type === 'date' ? read.map(dayOf) : read);
      }
    });

  large = (): Promise<void> =>
    this.within(async (session) => {
      const operation = await session.executeStatement(STATEMENTS.large);
      const sums = { count: 0, ids: 0, length: 0, halves: 0, gaps: 0 };
      let last: Row = {};
      while (await operation.hasMoreRows()) {
        for (const row of (await operation.fetchChunk({ maxRows: 50_000 })) as Row[]) {
          sums.count += 1;
          sums.ids += Number(row['id']);
          sums.length += String(row['text']).length;
          sums.halves += Number(row['half']);
          sums.gaps += row['gaps'] === null || row['gaps'] === undefined ? 1 : 0;
          last = row;
        }
      }
      await operation.close();
      emit('large', 'sums', Object.values(sums).map(String));
      emit('large', 'last row', [text(last['id']), text(last['text'])]);
    });

  metadata = (): Promise<void> =>
    this.within(async (session) => {
      const { catalog: catalogName, schema: schemaName, table: tableName } = STATEMENTS.metadata;
      const names = async (operation: Awaited<ReturnType<Session['getCatalogs']>>, name: string): Promise<unknown[]> =>
        ((await operation.fetchAll()) as Row[]).map((row) => row[name]).sort();
      emit('metadata', 'catalogs', await names(await session.getCatalogs(), 'TABLE_CAT'));
      emit('metadata', 'schemas', await names(await session.getSchemas({ catalogName }), 'TABLE_SCHEM'));
      emit('metadata', 'tables', await names(await session.getTables({ catalogName, schemaName }), 'TABLE_NAME'));
      const columns = await (await session.getColumns({ catalogName, schemaName, tableName })).fetchAll();
      const described = (columns as Row[]).map((row) => `${String(row['COLUMN_NAME'])} ${String(row['TYPE_NAME'])}`);
      emit('metadata', 'columns', described);
    });

  errors = (): Promise<void> =>
    this.within(async (session) => {
      for (const { name, sql } of STATEMENTS.errors) {
        const error: unknown = await this.rows(session, sql).then(
          () => undefined,
          (e: unknown) => e,
        );
        emit('errors', name, [error instanceof Error ? sqlState(error) : 'succeeded']);
      }
      emit('errors', 'afterwards', await this.column(session, 'SELECT 1 AS v'));
    });

  cancel = (): Promise<void> =>
    this.within(async (session) => {
      await this.ends('cancel', session, async () => {
        const operation = await session.executeStatement(STATEMENTS.slow);
        const cancelled = delay(700).then(() => operation.cancel());
        await Promise.all([operation.fetchAll(), cancelled]);
      });
    });

  timeout = (): Promise<void> =>
    this.within(
      (session) => this.ends('timeout', session, async () => void (await this.rows(session, STATEMENTS.slow))),
      { configuration: { STATEMENT_TIMEOUT: '1' } },
    );

  private async ends(scenario: Scenario, session: Session, work: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    const outcome = await work().then(
      () => 'succeeded',
      () => 'ended',
    );
    emit(scenario, 'statement', [outcome, performance.now() - startedMs < 15_000 ? 'soon' : 'late']);
    emit(scenario, 'afterwards', await this.column(session, 'SELECT 1 AS v'));
  }

  volumes = (): Promise<void> =>
    this.within(async (session) => {
      const { folder, name } = this.task;
      const [up, down] = [join(folder, 'up.txt'), join(folder, 'down.txt')] as const;
      const remote = `${STATEMENTS.volume}/${name}.txt`;
      const content = 'content ☃\n'.repeat(1000);
      const options = { stagingAllowedLocalPath: folder };
      writeFileSync(up, content);
      await session.executeStatement(`PUT '${up}' INTO '${remote}' OVERWRITE`, options);
      await session.executeStatement(`GET '${remote}' TO '${down}'`, options);
      emit('volumes', 'round trip', [readFileSync(down, 'utf8') === content ? 'same' : 'different']);
      await session.executeStatement(`REMOVE '${remote}'`, options);
      const again = session.executeStatement(`GET '${remote}' TO '${down}'`, options);
      const outcome = await again.then(
        () => 'still there',
        () => 'gone',
      );
      emit('volumes', 'removed', [outcome]);
    });

  configuration = (): Promise<void> =>
    this.within(
      async (session) => {
        emit('configuration', 'setting', await this.column(session, 'SELECT current_timezone() AS v'));
        const [row] = await this.rows(session, 'SELECT current_catalog() AS c, current_schema() AS s');
        emit('configuration', 'namespace', Object.values(row ?? {}).map(text));
        await this.rows(session, 'USE SCHEMA default');
        emit('configuration', 'use', await this.column(session, 'SELECT current_schema() AS s'));
      },
      {
        initialCatalog: 'main',
        initialSchema: 'foreign_other',
        configuration: { TIMEZONE: STATEMENTS.zone },
      },
    );

  sessions = async (): Promise<void> => {
    const seen = [0, 1, 2, 3].map(async (number) => {
      let value: unknown;
      await this.within(async (session) => {
        await this.rows(session, `CREATE OR REPLACE TEMPORARY VIEW own AS SELECT ${number} AS v`);
        [value] = await this.column(session, 'SELECT v FROM own');
      });
      return value;
    });
    emit('sessions', 'own views', await Promise.all(seen));
  };
}

async function main(): Promise<void> {
  const task = JSON.parse(await readAll(process.stdin)) as Task;
  const program = new Program(task);
  for (const scenario of task.scenarios) {
    if (scenario === 'orm' || scenario === 'project') continue;
    await program[scenario]().catch((error: unknown) => {
      process.stdout.write(`${JSON.stringify({ scenario, failed: String(error).slice(0, 500) })}\n`);
    });
  }
}

void main();
