import { expect } from 'chai';
import fc from 'fast-check';
import { keepsRule, wireFields, WIRE_ENUMS } from '../../../../lib/model/fields/fieldTable';
import { encodeRecord, serializeRecord } from '../../../../lib/telemetry/wire/serializeRecord';
import type {
  ConnectionInfo,
  ErrorRecord,
  DriverConfiguration,
  SpooledRecord,
  TelemetryRecord as AnyRecord,
} from '../../../../lib/telemetry/types';
import {
  connectionInfo,
  connectionRecord,
  DRIVER_CONFIGURATION,
  errorFacts,
  errorRecord,
  statementRecord,
} from '../../.stubs/telemetryRecords';

/** A spooled record is a finished log. */
type TelemetryRecord = Exclude<AnyRecord, SpooledRecord>;

interface DriverLog {
  readonly auth_type?: string;
  readonly operation_latency_ms?: number;
  readonly system_configuration: Record<string, unknown>;
  readonly driver_connection_params: Record<string, unknown>;
  readonly sql_operation: Record<string, Record<string, unknown>>;
  readonly error_info: Record<string, unknown>;
}

interface Log {
  readonly workspace_id?: number;
  readonly frontend_log_event_id: string;
  readonly context: { readonly client_context: Record<string, unknown> };
  readonly entry: { readonly sql_driver_log: DriverLog };
}

function parsed(record: TelemetryRecord, authenticated = true): Log {
  return JSON.parse(serializeRecord(record, { authenticated })) as Log;
}

/** The straightforward way: nested objects, then JSON. */
function reference(record: TelemetryRecord, connection: ConnectionInfo | undefined, authenticated: boolean): object {
  const log: Record<string, unknown> = {};
  for (const { path, rule, source, unauthenticatedReaders } of wireFields(record.kind, { authenticated })) {
    let value: unknown;
    if (source.from === 'connection' && connection !== undefined) value = source.read(connection);
    if (source.from === 'record') {
      const readers = authenticated ? source.readers : (unauthenticatedReaders ?? source.readers);
      value = readers[record.kind]?.(record as never);
    }
    if (value === undefined || !keepsRule(rule, value)) continue;
    const names = path.split('.');
    let object = log;
    for (const name of names.slice(0, -1)) object = (object[name] ??= {}) as Record<string, unknown>;
    const last = names.at(-1)!;
    object[last] =
      rule.type === 'int64' ? Math.round(value as number) + 0 : rule.type === 'int64 digits' ? Number(value) : value;
  }
  return log;
}

const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(undefined, null, 'a"b', 'a\\b', 'a\nb', -1, 1.5, 2 ** 40, 'PAT', 'THRIFT', 'workspace.test'),
);
const enumValue = fc.constantFrom(...Object.values(WIRE_ENUMS).flat());

function randomObject(keys: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(fc.constantFrom(...keys), fc.oneof(anything, enumValue));
}

const randomConnection = fc
  .tuple(randomObject(Object.keys(DRIVER_CONFIGURATION)), fc.oneof(fc.string(), fc.constantFrom('12', undefined)))
  // The HTTP path is read as text: what `connect()` takes is one.
  .map(([config, workspaceId]) =>
    connectionInfo({ ...config, httpPath: String(config['httpPath']) } as Partial<DriverConfiguration>, workspaceId),
  );

const INTERNAL = ['connection', 'done', 'tracking', 'newer', 'older', 'errors', 'eventId', 'queuedAtMs'];
const STATEMENT_KEYS = Object.keys(statementRecord().statement).filter((key) => !INTERNAL.includes(key));

const randomRecord: fc.Arbitrary<TelemetryRecord> = fc
  .tuple(
    randomConnection,
    fc.constantFrom('connection', 'statement', 'error'),
    randomObject([...STATEMENT_KEYS, 'timestampMs', 'sessionId', 'operation', 'latencyMs']),
    fc.dictionary(fc.constantFrom('name', 'code', 'sqlState', 'errorClass', 'message', 'stack'), fc.string()),
  )
  .map(([connection, kind, values, facts]) => {
    const overrides = values as object;
    if (kind === 'connection') return connectionRecord({ connection, ...overrides });
    if (kind === 'statement') return statementRecord(overrides, connection);
    return errorRecord({ ...overrides, connection, error: errorFacts(facts), stage: 'execute' });
  });

describe('serializeRecord', () => {
  it('writes the same JSON as building the object and stringifying it, for any record', () => {
    fc.assert(
      fc.property(randomRecord, fc.boolean(), (record, authenticated) => {
        const json = serializeRecord(record, { authenticated });
        expect(JSON.parse(json)).to.deep.equal(reference(record, record.connection, authenticated));
      }),
      { numRuns: 500 },
    );
  });

  it('writes with `quoted` what stringifying the log once more gives, for any record', () => {
    fc.assert(
      fc.property(randomRecord, fc.boolean(), (record, authenticated) => {
        const json = serializeRecord(record, { authenticated });
        expect(JSON.parse(serializeRecord(record, { authenticated, quoted: true }))).to.equal(json);
      }),
      { numRuns: 200 },
    );
  });

  it('puts system and connection on session records, with the organisation as all that is left of the query', () => {
    const connection = connectionInfo({ httpPath: 'sql/1.0/warehouses/abc?token=secret&o=12' });
    const { sql_driver_log: log } = parsed(connectionRecord({ connection })).entry;
    expect(log.system_configuration).to.include({ driver_version: '2.1.0', os_name: 'linux' });
    expect(log.driver_connection_params).to.deep.include({
      http_path: '/sql/1.0/warehouses/abc?o=12',
      socket_timeout: 900,
      host_info: { host_url: 'workspace.test', port: 443 },
    });
    expect(log.auth_type).to.equal('pat');
    expect(log.operation_latency_ms).to.equal(12);
  });

  it('puts the workspace id as an integer on every kind of record', () => {
    for (const record of [connectionRecord(), statementRecord(), errorRecord()]) {
      expect(serializeRecord(record, { authenticated: true })).to.match(/^\{"workspace_id":1234567890123456,/);
    }
  });

  it('keeps every digit of a workspace id that no double holds', () => {
    const record = connectionRecord({ connection: connectionInfo({}, '900719925474099301') });
    expect(serializeRecord(record, { authenticated: true })).to.include('"workspace_id":900719925474099301,');
  });

  it('rounds milliseconds', () => {
    const record = statementRecord({ latencyMs: 1.5, pollLatencyMs: 0.2, chunkSumLatencyMs: 3_000_000_000.4 });
    const { sql_driver_log: log } = parsed(record).entry;
    expect(log.operation_latency_ms).to.equal(2);
    expect(log.sql_operation['operation_detail']!['operation_status_latency_millis']).to.equal(0);
    expect(log.sql_operation['chunk_details']!['sum_chunks_download_time_millis']).to.equal(3_000_000_000);
  });

  it('gives a record its event id once', () => {
    const record = statementRecord();
    const first = parsed(record).frontend_log_event_id;
    expect(first).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(parsed(record).frontend_log_event_id).to.equal(first);
    expect(record.eventId).to.equal(first);
    expect(parsed(statementRecord()).frontend_log_event_id).not.to.equal(first);
  });

  it('describes a record without a connection by the fallback', () => {
    const fallback = connectionInfo({}, '77');
    const record = errorRecord({ connection: undefined });
    expect(JSON.parse(serializeRecord(record, { authenticated: true, fallback }))).to.include({ workspace_id: 77 });
    expect(JSON.parse(serializeRecord(record, { authenticated: true }))).not.to.have.property('workspace_id');
  });

  it('prefers a record’s own connection to the fallback', () => {
    const json = serializeRecord(errorRecord(), { authenticated: true, fallback: connectionInfo({}, '77') });
    expect(JSON.parse(json)).to.include({ workspace_id: 1234567890123456 });
  });

  it('leaves out and counts a value that breaks its rule, once for each record', () => {
    const omissions = { omitted: 0 };
    const connection = connectionInfo({ authType: 'made-up', osArch: 'a b' });
    const record = connectionRecord({ connection, latencyMs: -1 });
    const log = JSON.parse(serializeRecord(record, { authenticated: true, omissions })) as Log;
    expect(log.entry.sql_driver_log).not.to.have.any.keys('auth_type', 'operation_latency_ms');
    expect(log.entry.sql_driver_log.system_configuration).not.to.have.property('os_arch');
    expect(omissions.omitted).to.equal(3);
    serializeRecord(record, { authenticated: true, omissions });
    expect(omissions.omitted).to.equal(3);
    serializeRecord(connectionRecord({ connection }), { authenticated: true, omissions });
    expect(omissions.omitted).to.equal(5);
  });

  it('does not count what is merely unknown', () => {
    const omissions = { omitted: 0 };
    const connection = connectionInfo({ localeName: undefined, proxyHost: undefined }, undefined);
    serializeRecord(statementRecord({}, { ...connection, workspaceId: undefined }), { authenticated: true, omissions });
    expect(omissions.omitted).to.equal(0);
  });

  it('names nothing but driver, runtime, operating system and operation without credentials', () => {
    expect(parsed(connectionRecord({ eventId: 'e' }), false)).to.deep.equal({
      frontend_log_event_id: 'e',
      context: { client_context: { timestamp_millis: 1_700_000_000_000 } },
      entry: {
        sql_driver_log: {
          system_configuration: {
            driver_version: '2.1.0',
            driver_name: 'nodejs-sql-driver',
            runtime_name: 'Node.js',
            runtime_version: 'v20.20.2',
            os_name: 'linux',
          },
          sql_operation: { operation_detail: { operation_type: 'CREATE_SESSION' } },
        },
      },
    });
  });

  it('sends an error without credentials with its facts, but without frames', () => {
    const stack = 'Error: x\n    at f (/app/node_modules/@databricks/sql/dist/DBSQLClient.js:12:3)';
    const record = errorRecord({ stage: 'connect', error: errorFacts({ httpStatus: 401, stack }) });
    const trace = 'stage=connect http=401 retryable=false';
    expect(parsed(record, false).entry.sql_driver_log.error_info['stack_trace']).to.equal(trace);
    expect(parsed(record).entry.sql_driver_log.error_info['stack_trace']).to.equal(
      `${trace}\nat @databricks/sql/dist/DBSQLClient.js:12`,
    );
  });

  it('describes the connection in the error of one that did not come about, and in no other', () => {
    const connection = connectionInfo();
    const described = (stage: ErrorRecord['stage'], authenticated = true): boolean =>
      'driver_connection_params' in parsed(errorRecord({ connection, stage }), authenticated).entry.sql_driver_log;
    expect(['connect', 'open_session'].map((stage) => described(stage as ErrorRecord['stage']))).to.deep.equal([
      true,
      true,
    ]);
    expect(described('execute')).to.equal(false);
    expect(described('connect', false), 'without credentials').to.equal(false);
    const session = parsed(connectionRecord({ connection })).entry.sql_driver_log;
    const failure = parsed(errorRecord({ connection, stage: 'connect' })).entry.sql_driver_log;
    expect(failure.system_configuration).to.deep.equal(session.system_configuration);
  });

  it('writes an empty object for a record of which nothing may leave', () => {
    const record = errorRecord({
      connection: undefined,
      eventId: '?',
      timestampMs: NaN,
      error: errorFacts({ name: '' }),
      stage: '§' as never,
    });
    expect(serializeRecord(record, { authenticated: false })).to.equal('{}');
    expect(serializeRecord(record, { authenticated: false, quoted: true })).to.equal('"{}"');
  });
});

describe('encodeRecord', () => {
  const text = (record: TelemetryRecord, authenticated = true, omissions = { omitted: 0 }): string =>
    encodeRecord(record, authenticated, omissions).toString('latin1');
  const log = (record: TelemetryRecord, authenticated = true): unknown =>
    JSON.parse(JSON.parse(text(record, authenticated)) as string);

  it('writes what serializeRecord writes, for any sequence of records of one connection', () => {
    fc.assert(
      fc.property(fc.array(randomRecord, { minLength: 1, maxLength: 12 }), fc.boolean(), (records, authenticated) => {
        const [{ connection }] = records as [TelemetryRecord];
        for (const record of records) {
          Object.assign(record, { connection });
          expect(log(record, authenticated)).to.deep.equal(JSON.parse(serializeRecord(record, { authenticated })));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('writes what serializeRecord writes for statements that differ in their numbers only', () => {
    const connection = connectionInfo();
    const whole = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 9, 10, 2 ** 31 - 1, 2 ** 31, 1e12, 0.4, 9.5));
    fc.assert(
      fc.property(fc.array(fc.tuple(whole, whole, whole), { minLength: 1, maxLength: 8 }), (values) => {
        for (const [latencyMs, pollCount, timestampMs] of values) {
          const record = statementRecord({ latencyMs, pollCount, timestampMs } as object, connection);
          expect(log(record)).to.deep.equal(JSON.parse(serializeRecord(record, { authenticated: true })));
        }
      }),
    );
  });

  it('leaves out a value that is unknown although the record before it had one', () => {
    const connection = connectionInfo();
    for (const timestampMs of [1, undefined, 1, undefined]) {
      const record = statementRecord({ timestampMs } as object, connection);
      expect(log(record)).to.deep.equal(JSON.parse(serializeRecord(record, { authenticated: true })));
    }
  });

  it('tells apart more kinds of statements than it keeps templates for', () => {
    const connection = connectionInfo();
    for (let round = 0; round < 3; round += 1) {
      for (const operationType of WIRE_ENUMS.operation_type) {
        for (const compressed of [true, false, undefined]) {
          const record = statementRecord({ operationType, compressed } as object, connection);
          expect(log(record)).to.deep.equal(JSON.parse(serializeRecord(record, { authenticated: true })));
        }
      }
    }
  });

  it('counts a value that breaks its rule for each record that has one, and for no other', () => {
    const connection = connectionInfo();
    const omissions = { omitted: 0 };
    const counts = [5, -1, 5, NaN, 5].map((latencyMs) => {
      text(statementRecord({ latencyMs } as object, connection), true, omissions);
      return omissions.omitted;
    });
    expect(counts).to.deep.equal([0, 1, 1, 2, 2]);
  });

  it('counts what its connection left out for each record once', () => {
    const connection = { ...connectionInfo(), workspaceId: 'not a number' };
    const omissions = { omitted: 0 };
    const record = statementRecord({}, connection);
    text(record, true, omissions);
    text(record, true, omissions);
    text(statementRecord({}, connection), true, omissions);
    expect(omissions.omitted).to.equal(2);
  });

  it('pads a number with no more blanks than a longer one before it needed', () => {
    const connection = connectionInfo();
    const lengths = [12345, 7, 123456, 7].map(
      (latencyMs) => text(statementRecord({ latencyMs } as object, connection)).length,
    );
    expect(lengths.map((length) => length - (lengths[0] ?? 0))).to.deep.equal([0, 0, 1, 1]);
  });
});
