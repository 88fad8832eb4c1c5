import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions } from 'databricks-sql-telemetry';
import type { KeepingLogger, Session } from './application';
import type { Canaries } from './Canaries';

const ENDLESS = 'SELECT count(*) AS n FROM range(10000000) a JOIN range(10000000) b ON a.id * b.id % 9973 = 1';
const FILES = { useCloudFetch: true };

/** What a statement ends with is not the point here. */
async function ignoringFailure(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}

/**
 * An application that has secrets and personal data wherever data of an application can stand, and to which everything
 * happens that can: results of every format, failures at every stage, cancels, volumes.
 */
export class HostileApplication {
  constructor(
    private readonly workspace: LocalWorkspace,
    private readonly canaries: Canaries,
    private readonly options: Partial<ConnectionOptions>,
    private readonly logger: KeepingLogger,
  ) {}

  async run(): Promise<DBSQLClient> {
    const client = await this.connect({});
    client.getConfig().retryDelayMin = 1;
    client.getConfig().retryDelayMax = 5;
    const session = await client.openSession(this.sessionRequest());
    await this.tablesAndResults(session);
    await this.parameters(session);
    await this.metadata(session);
    await this.failures(session);
    await this.cancelled(session);
    await this.volumes(session);
    await session.close();
    await this.failedConnections();
    await client.close();
    return client;
  }

  private async connect(options: Partial<ConnectionOptions>): Promise<DBSQLClient> {
    const client = new DBSQLClient({ logger: this.logger });
    await client.connect({
      ...this.workspace.connectionOptions,
      telemetryEnabled: true,
      telemetryFlushIntervalMs: 100,
      ...this.options,
      ...options,
    } as ConnectionOptions);
    return client;
  }

  private sessionRequest(): object {
    const word = this.word('session configuration');
    return { configuration: { [`spark.${word}`]: word }, queryTags: { [word]: word } };
  }

  private word(place: string): string {
    return this.canaries.plant(place);
  }

  private async query(session: Session, sql: string, options: object = {}): Promise<void> {
    await ignoringFailure(
      (async () => {
        const operation = await session.executeStatement(sql, options);
        await operation.fetchAll();
        await operation.getSchema();
        await operation.close();
      })(),
    );
  }

  private async tablesAndResults(session: Session): Promise<void> {
    const [schema, table, column, value] = ['schema', 'table', 'column', 'row'].map((place) => this.word(place));
    await this.query(session, `CREATE SCHEMA ${schema}`);
    await this.query(session, `CREATE TABLE ${schema}.${table} (${column} STRING) -- ${this.word('comment')}`);
    await this.query(session, `INSERT INTO ${schema}.${table} VALUES ('${value}')`);
    await this.query(session, `SELECT ${column} AS ${this.word('alias')} FROM ${schema}.${table}`, {
      queryTags: { team: this.word('query tag') },
    });
    const many = `SELECT id, '${this.word('row in a file')}' AS ${this.word('column in a file')} FROM range(40000) AS t(id)`;
    await this.query(session, many, FILES);
    await this.query(session, many, { useCloudFetch: false, maxRows: 500 });
    this.workspace.faults.add({
      route: 'cloudfetch',
      status: 403,
      skip: 1,
      times: 1,
      body: this.word('answer of a file'),
    });
    await this.query(session, many, FILES);
    this.workspace.faults.add({ route: 'cloudfetch', status: 503, times: 1 });
    await this.query(session, many, FILES);
    this.workspace.faults.clear();
  }

  private async parameters(session: Session): Promise<void> {
    const name = this.word('name of a parameter');
    await this.query(session, `SELECT :${name} AS a`, { namedParameters: { [name]: this.word('named parameter') } });
    await this.query(session, 'SELECT ? AS a', { ordinalParameters: [this.word('ordinal parameter')] });
    await this.query(session, 'SELECT :a', { namedParameters: { [this.word('unused parameter')]: 1 } });
  }

  private async metadata(session: Session): Promise<void> {
    const names = {
      catalogName: this.word('catalog'),
      schemaName: this.word('schema pattern'),
      tableName: this.word('table pattern'),
      columnName: this.word('column pattern'),
      functionName: this.word('function pattern'),
    };
    for (const call of ['getTables', 'getColumns', 'getSchemas', 'getFunctions', 'getPrimaryKeys'] as const) {
      await ignoringFailure(session[call](names).then((operation) => operation.fetchAll()));
    }
    this.workspace.faults.add({ rpc: 'GetTables', error: { message: this.word('metadata error') }, times: 1 });
    await ignoringFailure(session.getTables(names));
  }

  private async failures(session: Session): Promise<void> {
    const { faults } = this.workspace;
    await this.query(session, `SELEC ${this.word('syntax error')}`);
    await this.query(session, `SELECT * FROM ${this.word('unknown table')}`);
    await this.query(session, `SELECT raise_error('${this.word('raised error')}')`);
    await this.query(session, `SELECT raise_error('[${this.word('raised error class').toUpperCase()}] text')`);
    const frame = (place: string): string =>
      `x\n    at f (/node_modules/@databricks/sql/dist/${this.word(place)}.js:1:1)`;
    await this.query(session, `SELECT raise_error('${frame('frame in an error')}')`);
    await this.query(session, `SELEC '${frame('frame in a syntax error')}'`, { maxRows: null });
    for (const rpc of ['ExecuteStatement', 'FetchResults', 'GetOperationStatus', 'GetResultSetMetadata'] as const) {
      const message = `[${this.word(`class of a failed ${rpc}`)}] ${frame(`failed ${rpc}`)}`;
      faults.add({ rpc, error: { message }, times: 1 });
      await this.query(session, 'SELECT 1 AS one', { maxRows: null });
      faults.clear();
      const headers = { 'x-thriftserver-error-message': this.word(`header of a failed ${rpc}`) };
      faults.add({ rpc, status: 403, body: this.word(`answer of a failed ${rpc}`), headers, times: 1 });
      await this.query(session, 'SELECT 1 AS one', { maxRows: null });
      faults.clear();
      faults.add({ rpc, action: 'reset', times: 1 });
      await this.query(session, 'SELECT 1 AS one', { maxRows: null });
      faults.clear();
    }
    await ignoringFailure(
      (async () => {
        const operation = await session.executeStatement('SELECT 1 AS one');
        await operation.finished();
        for await (const _row of operation.iterateRows({ autoClose: true })) throw new Error(this.word('own error'));
      })(),
    );
  }

  private async cancelled(session: Session): Promise<void> {
    const operation = await session.executeStatement(`${ENDLESS} -- ${this.word('cancelled statement')}`);
    const reading = ignoringFailure(operation.fetchAll());
    await sleep(50);
    await operation.cancel();
    await reading;
    await operation.close();
  }

  private async volumes(session: Session): Promise<void> {
    const folder = join(await mkdtemp(join(tmpdir(), 'volume-')), this.word('local folder'));
    await mkdir(folder);
    const [source, target] = [join(folder, this.word('local file')), join(folder, this.word('local copy'))];
    await writeFile(source, this.word('content of a file'));
    const remote = `/Volumes/main/${this.word('volume')}/files/${this.word('file in a volume')}`;
    const options = { stagingAllowedLocalPath: tmpdir() };
    await this.query(session, `PUT '${source}' INTO '${remote}' OVERWRITE`, options);
    await this.query(session, `PUT '${source}' INTO '${remote}'`, options);
    await this.query(session, `GET '${remote}' TO '${target}'`, options);
    await this.query(session, `GET '${remote}' TO '${target}'`, {
      stagingAllowedLocalPath: `/${this.word('allowed')}`,
    });
    this.workspace.faults.add({ route: 'volumes', status: 403, body: this.word('answer of a volume'), times: 1 });
    await this.query(session, `GET '${remote}' TO '${target}'`, options);
    this.workspace.faults.clear();
    await this.query(session, `REMOVE '${remote}'`, options);
    await rm(dirname(folder), { recursive: true });
  }

  /** Credentials that are refused, and a provider that throws from a file of the application. */
  private async failedConnections(): Promise<void> {
    const refused = await this.connect({ token: `dapi${this.word('refused token')}` } as Partial<ConnectionOptions>);
    await ignoringFailure(refused.openSession());
    await refused.close();
    const folder = join(await mkdtemp(join(tmpdir(), 'application-')), this.word('directory of the application'));
    await mkdir(folder);
    const file = join(folder, `${this.word('file of the application')}.js`);
    const facts = { message: this.word('message of an own error'), name: `own ${this.word('name of an own error')}` };
    await writeFile(
      file,
      `exports.authenticate = async () => {
        const error = Object.assign(new Error(), ${JSON.stringify({ ...facts, code: this.word('code of an own error') })});
        error.response = ${JSON.stringify({ status: 200, sqlState: this.word('state of an own error') })};
        throw error;
      };`,
    );
    const provider = require(file) as { authenticate(): Promise<never> };
    const custom = { authType: 'custom', provider } as unknown as Partial<ConnectionOptions>;
    const throwing = new DBSQLClient({ logger: this.logger });
    await ignoringFailure(
      throwing.connect({
        ...this.workspace.connectionOptions,
        ...this.options,
        ...custom,
        telemetryEnabled: true,
      } as ConnectionOptions),
    );
    await ignoringFailure(throwing.openSession());
    await throwing.close();
    await rm(dirname(folder), { recursive: true });
  }
}
