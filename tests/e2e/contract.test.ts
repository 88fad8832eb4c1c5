import { expect } from 'chai';
import {
  startConnectProxy,
  TELEMETRY_FIELDS as SERVICE_LOG,
  validateTelemetryLog,
  type LocalWorkspace,
  type ReceivedTelemetryLog,
  type TelemetryFieldRule,
} from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import {
  keepsRule,
  TELEMETRY_FIELDS,
  wireFields,
  type FieldRow,
  type RecordKind,
} from '../../lib/model/fields/fieldTable';
import { inSession, KeepingLogger, type Session } from './support/application';
import { Canaries } from './support/Canaries';
import { HostileApplication } from './support/hostileApplication';
import { startFreshWorkspace } from './support/workspace';

const KINDS: readonly RecordKind[] = ['connection', 'statement', 'error'];
const MODES = [true, false] as const;

/** A field in a kind of record that a run against the local workspace cannot fill, and why. Nothing so far. */
const NEVER_SEEN: ReadonlyMap<string, string> = new Map();

interface Log {
  readonly kind: RecordKind;
  readonly authenticated: boolean;
  readonly leaves: ReadonlyMap<string, unknown>;
}

/** Every value of a log by its path. */
function leavesOf(value: unknown, path = ''): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`));
}

function read({ log, authenticated }: ReceivedTelemetryLog): Log {
  const leaves = new Map(leavesOf(log));
  const operation = leaves.get('entry.sql_driver_log.sql_operation.operation_detail.operation_type');
  const isError = leaves.has('entry.sql_driver_log.error_info.error_name');
  const isSession = operation === 'CREATE_SESSION' || operation === 'DELETE_SESSION';
  return { kind: isError ? 'error' : isSession ? 'connection' : 'statement', authenticated, leaves };
}

/** The error of a connection that failed describes that connection. */
function fieldsOf({ kind, authenticated, leaves }: Log): ReturnType<typeof wireFields> {
  const facts = String(leaves.get('entry.sql_driver_log.error_info.stack_trace'));
  return wireFields(kind, { authenticated, describesConnection: /^stage=(connect|open_session) /.test(facts) });
}

async function lists(session: Session): Promise<void> {
  const table = { schemaName: 'default', tableName: 'numbers' };
  const foreign = { foreignCatalogName: 'main', foreignSchemaName: 'default', foreignTableName: 'numbers' };
  const parent = { parentCatalogName: 'main', parentSchemaName: 'default', parentTableName: 'numbers' };
  const operations = [
    session.getCatalogs(),
    session.getSchemas(),
    session.getTables(table),
    session.getTableTypes(),
    session.getColumns(table),
    session.getTypeInfo(),
    session.getFunctions({ functionName: '%' }),
    session.getPrimaryKeys(table),
    session.getCrossReference({ ...parent, ...foreign }),
  ];
  for (const operation of await Promise.all(operations)) {
    await operation.fetchAll();
    await operation.close();
  }
  await session.getInfo(18);
}

async function formats(session: Session): Promise<void> {
  const sql = 'SELECT id FROM range(5000) AS t(id)';
  for (const useLZ4Compression of [true, false]) {
    const operation = await session.executeStatement(sql, { useCloudFetch: false, useLZ4Compression });
    await operation.fetchAll();
    await operation.close();
  }
  const operation = await session.executeStatement('CREATE OR REPLACE TABLE numbers AS SELECT 1 AS n');
  await operation.close();
}

/** All kinds of work in one export mode: in the open, through a proxy, with a provider of one's own. */
async function runEverything(workspace: LocalWorkspace, telemetryAuthenticatedExport: boolean): Promise<void> {
  const options = { telemetryAuthenticatedExport, userAgentEntry: 'contract/1.0' } as Partial<ConnectionOptions>;
  await new HostileApplication(workspace, new Canaries(), options, new KeepingLogger()).run();
  const provider = { authenticate: async () => ({ Authorization: `Bearer ${workspace.token}` }) };
  await inSession(workspace, lists, { ...options, authType: 'custom', provider } as Partial<ConnectionOptions>);
  await inSession(workspace, formats, options);
  const proxy = await startConnectProxy();
  const environment = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  // Behind a proxy the driver does not use the CA that it is given.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const throughProxy = { proxy: { protocol: 'http', host: proxy.host, port: proxy.port } };
    await inSession(workspace, formats, { ...options, ...throughProxy } as Partial<ConnectionOptions>);
  } finally {
    if (environment === undefined) Reflect.deleteProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = environment;
    await proxy.close();
  }
}

describe('contract: what is on the wire is what the table says', () => {
  let received: ReceivedTelemetryLog[];
  let logs: Log[];

  before(async function () {
    this.timeout(120_000);
    const workspace = await startFreshWorkspace({
      orgId: '1234567890123456',
      cloudFetch: { maxRowsPerFile: 10_000, thresholdBytes: 1 << 18 },
    });
    for (const mode of MODES) await runEverything(workspace, mode);
    received = workspace.received.telemetryLogs({ accepted: 'any' });
    logs = received.map(read);
    await workspace.close();
  });

  function seen(kind: RecordKind, authenticated: boolean): Log[] {
    return logs.filter((log) => log.kind === kind && log.authenticated === authenticated);
  }

  it('the run left records of every kind in both export modes', () => {
    for (const kind of KINDS) for (const mode of MODES) expect(seen(kind, mode).length, kind).to.be.greaterThan(0);
  });

  it('each log is what the service defines, as the workspace knows it', () => {
    expect(received.flatMap(({ log }) => validateTelemetryLog(log))).to.deep.equal([]);
  });

  it('each log has fields of its kind and mode only, and each value keeps its rule', () => {
    for (const log of logs) {
      const { kind, leaves } = log;
      const rows = new Map(fieldsOf(log).map((row) => [row.path, row]));
      for (const [path, value] of leaves) {
        const rule = rows.get(path)?.rule;
        if (rule === undefined) expect.fail(`${path} does not belong to a record of kind ${kind}`);
        expect(
          keepsRule(rule, rule.type === 'int64 digits' ? String(value) : value),
          `${path}: ${String(value)}`,
        ).to.equal(true);
      }
    }
  });

  it('each log has every field that is required of its kind and mode', () => {
    for (const log of logs) {
      const required = fieldsOf(log).filter((row) => row.required === true);
      expect([...log.leaves.keys()]).to.include.members(required.map(({ path }) => path));
    }
  });

  for (const authenticated of MODES) {
    it(`each field that may leave ${authenticated ? 'with' : 'without'} credentials did leave`, () => {
      for (const kind of KINDS) {
        const paths = new Set(seen(kind, authenticated).flatMap(({ leaves }) => [...leaves.keys()]));
        const missing = wireFields(kind, { authenticated })
          .map(({ path }) => path)
          .filter((path) => !paths.has(path) && !NEVER_SEEN.has(`${kind} ${path}`));
        expect(missing, `${kind} records`).to.deep.equal([]);
      }
    });
  }

  it('the service knows every field of the table, with the same enums', () => {
    const service = new Map(rulesOf(SERVICE_LOG));
    const wire = TELEMETRY_FIELDS.filter(({ scope }) => scope !== 'Local');
    // It knows fields of drivers for other languages too.
    expect([...service.keys()]).to.include.members(wire.map(({ path }) => path));
    for (const row of wire) expect(agree(row, service.get(row.path)), row.path).to.equal(true);
  });
});

function rulesOf(rule: TelemetryFieldRule, path = ''): Array<[string, TelemetryFieldRule]> {
  if (rule.kind !== 'object') return [[path, rule]];
  return Object.entries(rule.fields).flatMap(([name, inner]) => rulesOf(inner, path === '' ? name : `${path}.${name}`));
}

/** Whether what a row lets pass is of the service's type. */
function agree({ rule, scope, path }: FieldRow, service: TelemetryFieldRule | undefined): boolean {
  if (scope === 'None') return service !== undefined;
  switch (rule.type) {
    case 'bool':
      return service?.kind === 'boolean';
    case 'share':
      return false;
    case 'int64':
    case 'int64 digits':
      return service?.kind === 'int64';
    case 'string':
      return service?.kind === (path === 'frontend_log_event_id' ? 'uuid' : 'string');
    case 'enum':
      // The service takes any text for `auth_type`.
      if (rule.enumName === 'auth_type') return service?.kind === 'string';
      return service?.kind === 'enum' && [...service.values].sort().join() === [...rule.values].sort().join();
  }
}
