import { expect } from 'chai';
import fc from 'fast-check';
import { ThrownValue } from '../../../../lib/model/errorFacts';
import type { LogForm } from '../../../../lib/model/fields/fieldRow';
import { FileTotals } from '../../../../lib/model/Statement';
import { RecordEncoder } from '../../../../lib/telemetry/wire/RecordEncoder';
import type { ErrorRecord } from '../../../../lib/telemetry/types';
import {
  connectionInfo,
  connectionRecord,
  errorFacts,
  errorRecord,
  statementRecord,
} from '../../.stubs/telemetryRecords';
import { encode, FORMS, randomRecord, reference, write, type MadeRecord } from './randomRecords';

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

function parsed(record: MadeRecord, form: LogForm = 'authenticated'): Log {
  return JSON.parse(write(record, form)) as Log;
}

describe('RecordEncoder', () => {
  it('writes the same JSON as building the object and stringifying it, for any record', () => {
    fc.assert(
      fc.property(randomRecord, fc.constantFrom(...FORMS), (record, form) => {
        expect(JSON.parse(write(record, form))).to.deep.equal(reference(record, form));
      }),
      { numRuns: 500 },
    );
  });

  it('encodes what stringifying the log once more gives, for any record', () => {
    fc.assert(
      fc.property(randomRecord, fc.constantFrom(...FORMS), (record, form) => {
        const json = write(record, form);
        expect(JSON.parse(encode(record, new RecordEncoder(form)))).to.equal(json);
      }),
      { numRuns: 200 },
    );
  });

  it('puts system and connection on session records', () => {
    const { sql_driver_log: log } = parsed(connectionRecord()).entry;
    expect(log.system_configuration).to.include({ driver_version: '2.1.0', os_name: 'linux' });
    expect(log.driver_connection_params).to.deep.include({
      http_path: '/sql/1.0/warehouses/abc123?o=1234567890123456',
      socket_timeout: 900,
      host_info: { host_url: 'workspace.test', port: 443 },
    });
    expect(log.auth_type).to.equal('pat');
    expect(log.operation_latency_ms).to.equal(12);
  });

  it('puts the workspace id as an integer on every kind of record', () => {
    for (const record of [connectionRecord(), statementRecord(), errorRecord()]) {
      expect(write(record)).to.match(/^\{"workspace_id":1234567890123456,/);
    }
  });

  it('keeps every digit of a workspace id that no double holds', () => {
    const record = connectionRecord({ connection: connectionInfo({}, '900719925474099301') });
    expect(write(record)).to.include('"workspace_id":900719925474099301,');
  });

  it('rounds milliseconds', () => {
    const files = Object.assign(new FileTotals(), { sumMs: 3_000_000_000.4 });
    const record = statementRecord({ latencyMs: 1.5, pollLatencyMs: 0.2, files });
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

  it('names no workspace in a record without a connection', () => {
    expect(JSON.parse(write(errorRecord({ connection: undefined })))).not.to.have.property('workspace_id');
  });

  it('leaves out and counts a value that breaks its rule, once for each record', () => {
    const omissions = { omitted: 0 };
    const encoder = new RecordEncoder('authenticated');
    const connection = connectionInfo({ authType: 'made-up', osArch: 'a b' });
    const record = connectionRecord({ connection, latencyMs: -1 });
    const log = JSON.parse(JSON.parse(encode(record, encoder, omissions)) as string) as Log;
    expect(log.entry.sql_driver_log).not.to.have.any.keys('auth_type', 'operation_latency_ms');
    expect(log.entry.sql_driver_log.system_configuration).not.to.have.property('os_arch');
    expect(omissions.omitted).to.equal(3);
    encode(record, encoder, omissions);
    expect(omissions.omitted).to.equal(3);
    encode(connectionRecord({ connection }), encoder, omissions);
    expect(omissions.omitted).to.equal(5);
  });

  it('does not count what is merely unknown', () => {
    const omissions = { omitted: 0 };
    const connection = connectionInfo({ localeName: undefined, proxyHost: undefined }, undefined);
    encode(
      statementRecord({}, { ...connection, workspaceId: undefined }),
      new RecordEncoder('authenticated'),
      omissions,
    );
    expect(omissions.omitted).to.equal(0);
  });

  it('names nothing but driver, runtime, operating system and operation without credentials', () => {
    expect(parsed(connectionRecord({ eventId: 'e' }), 'unauthenticated')).to.deep.equal({
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
    const thrown = new ThrownValue(Object.assign(new Error('x'), { stack }));
    const record = errorRecord({ stage: 'connect', error: errorFacts({ httpStatus: 401 }), thrown });
    const trace = 'stage=connect http=401 retryable=false';
    expect(parsed(record, 'unauthenticated').entry.sql_driver_log.error_info['stack_trace']).to.equal(trace);
    expect(parsed(record).entry.sql_driver_log.error_info['stack_trace']).to.equal(
      `${trace}\nat @databricks/sql/dist/DBSQLClient.js:12`,
    );
  });

  it('describes the connection in the error of one that failed to open, and in no other', () => {
    const connection = connectionInfo();
    const described = (stage: ErrorRecord['stage'], form: LogForm = 'authenticated'): boolean =>
      'driver_connection_params' in parsed(errorRecord({ connection, stage }), form).entry.sql_driver_log;
    expect(['connect', 'open_session'].map((stage) => described(stage as ErrorRecord['stage']))).to.deep.equal([
      true,
      true,
    ]);
    expect(described('execute')).to.equal(false);
    expect(described('connect', 'unauthenticated'), 'without credentials').to.equal(false);
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
    expect(write(record, 'unauthenticated')).to.equal('{}');
    expect(encode(record, new RecordEncoder('unauthenticated'))).to.equal('"{}"');
  });
});
