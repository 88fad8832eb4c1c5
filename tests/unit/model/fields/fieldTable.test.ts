import { expect } from 'chai';
import fc from 'fast-check';
import {
  keepsRule,
  TELEMETRY_FIELDS,
  wireFields,
  WIRE_ENUMS,
  type FieldRow,
  type RecordKind,
} from '../../../../lib/model/fields/fieldTable';
import { ThrownValue } from '../../../../lib/model/errorFacts';
import { FileTotals, RareFacts } from '../../../../lib/model/Statement';
import { connectionInfo, errorFacts, errorRecord, statementRecord } from '../../.stubs/telemetryRecords';

const LOG = 'entry.sql_driver_log';

/** All paths of the protocol. */
const PROTOCOL = [
  'workspace_id',
  'frontend_log_event_id',
  'context.client_context.timestamp_millis',
  'context.client_context.user_agent',
  ...['session_id', 'sql_statement_id', 'auth_type', 'operation_latency_ms'].map((name) => `${LOG}.${name}`),
  ...[
    'driver_version',
    'driver_name',
    'runtime_name',
    'runtime_version',
    'runtime_vendor',
    'os_name',
    'os_version',
    'os_arch',
    'client_app_name',
    'locale_name',
    'char_set_encoding',
    'process_name',
  ].map((name) => `${LOG}.system_configuration.${name}`),
  ...[
    'http_path',
    'mode',
    'host_info.host_url',
    'host_info.port',
    'use_proxy',
    'proxy_host_info.host_url',
    'proxy_host_info.port',
    'auth_mech',
    'auth_flow',
    'enable_arrow',
    'enable_direct_results',
    'socket_timeout',
    'async_poll_interval_millis',
    'rows_fetched_per_block',
    'query_tags',
    'enable_metric_view_metadata',
    'enable_complex_datatype_support',
    'allow_self_signed_support',
  ].map((name) => `${LOG}.driver_connection_params.${name}`),
  ...[
    'statement_type',
    'is_compressed',
    'execution_result',
    'chunk_id',
    'retry_count',
    'chunk_details.initial_chunk_latency_millis',
    'chunk_details.slowest_chunk_latency_millis',
    'chunk_details.total_chunks_present',
    'chunk_details.total_chunks_iterated',
    'chunk_details.sum_chunks_download_time_millis',
    'result_latency.result_set_ready_latency_millis',
    'result_latency.result_set_consumption_latency_millis',
    'operation_detail.n_operation_status_calls',
    'operation_detail.operation_status_latency_millis',
    'operation_detail.operation_type',
    'operation_detail.is_internal_call',
  ].map((name) => `${LOG}.sql_operation.${name}`),
  ...['volume_operation_type', 'volume_path', 'local_file'].map((name) => `${LOG}.vol_operation.${name}`),
  ...['error_name', 'stack_trace'].map((name) => `${LOG}.error_info.${name}`),
];

/** Where the fields stand that the table takes from `kind` or the connection. */
function placesOf(kind: RecordKind | undefined): string[] {
  return TELEMETRY_FIELDS.flatMap(({ source }) => {
    if (source.from === 'connection') return kind === undefined ? [source.at] : [];
    const at = source.from === 'record' && kind !== undefined ? source.at[kind] : undefined;
    return typeof at === 'string' ? [at] : [];
  });
}

function row(path: string): FieldRow {
  return TELEMETRY_FIELDS.find((candidate) => candidate.path.endsWith(path))!;
}

describe('field table', () => {
  it('has one row for every path of the protocol', () => {
    const onTheWire = TELEMETRY_FIELDS.filter(({ scope }) => scope !== 'Local').map(({ path }) => path);
    expect(onTheWire).to.have.members(PROTOCOL);
  });

  it('names every path once', () => {
    const paths = TELEMETRY_FIELDS.map(({ path }) => path);
    expect(new Set(paths).size).to.equal(paths.length);
  });

  it('describes every field in a sentence', () => {
    for (const { path, description } of TELEMETRY_FIELDS) expect(description, path).to.match(/^[A-Z].*\.$/s);
  });

  it('takes every property that is collected', () => {
    const within = (name: string, target: object): string[] => Object.keys(target).map((key) => `${name}.${key}`);
    const bookkeeping = [
      'kind',
      'connection',
      'startedAtMs',
      'endedAtMs',
      'queuedAtMs',
      'isLocal',
      'activeCalls',
      'sinceMs',
      'consumedMs',
      'readyAtMs',
      'firstReadAtMs',
    ];
    const progress = [
      'isReady',
      'hasResultSet',
      'hasLastPage',
      'hasSeenRows',
      'isUnseen',
      'rowsAvailable',
      'hasFailureState',
      'traceId',
    ];
    const inner = ['files', 'rare'];
    const ofStatement = Object.keys(statementRecord()).filter(
      (name) => ![...bookkeeping, ...progress, ...inner].includes(name),
    );
    expect(placesOf('statement')).to.have.members([
      ...ofStatement,
      ...within('files', new FileTotals()),
      ...within('rare', new RareFacts()),
    ]);
    expect(placesOf(undefined)).to.have.members([
      'workspaceId',
      'origin.userAgent',
      ...within('driverConfig', connectionInfo().driverConfig),
    ]);
    expect(placesOf('error')).to.include.members(within('error', errorFacts()));
  });

  it('never sends volume paths, query tags, and what is not collected', () => {
    const silent = TELEMETRY_FIELDS.filter(({ scope }) => scope === 'None');
    expect(silent.map(({ path }) => path.replace(/^.*\./, ''))).to.have.members([
      'volume_path',
      'local_file',
      'query_tags',
      'is_internal_call',
    ]);
    for (const { source } of silent) expect(source.from).to.equal('nowhere');
  });

  it('has the text of an error for sinks in the process only, redacted and on request', () => {
    const { scope, onRequest, source } = row('message');
    const read = source.from === 'record' ? source.at.error : undefined;
    if (typeof read !== 'function') expect.fail('made of several fields');
    expect({ scope, onRequest }).to.deep.equal({ scope: 'Local', onRequest: true });
    expect(read(errorRecord({ thrown: new ThrownValue(new Error("no 'secret' here")) }))).to.equal('no <quoted> here');
    expect(read(errorRecord())).to.equal(undefined);
  });

  it('takes the values of an enum from the closed list of its name', () => {
    const names = TELEMETRY_FIELDS.flatMap(({ rule }) => (rule.type === 'enum' ? [rule.enumName] : []));
    expect(names).to.have.members(Object.keys(WIRE_ENUMS));
  });

  it('sends an error without anything of its statement but the chunk that failed', () => {
    const paths = wireFields('error', { authenticated: true }).map(({ path }) => path);
    expect(paths.filter((path) => path.includes('sql_operation'))).to.deep.equal([`${LOG}.sql_operation.chunk_id`]);
  });

  it('sends no error with a statement', () => {
    const paths = wireFields('statement', { authenticated: true }).map(({ path }) => path);
    expect(paths.filter((path) => path.includes('error_info'))).to.deep.equal([]);
  });

  it('is a fixed minimal set without credentials', () => {
    const system = ['driver_version', 'driver_name', 'runtime_name', 'runtime_version', 'os_name'].map(
      (name) => `${LOG}.system_configuration.${name}`,
    );
    const always = [...system, 'frontend_log_event_id', 'context.client_context.timestamp_millis'];
    const operation = `${LOG}.sql_operation.operation_detail.operation_type`;
    const error = [`${LOG}.error_info.error_name`, `${LOG}.error_info.stack_trace`];
    const paths = (kind: RecordKind) => wireFields(kind, { authenticated: false }).map(({ path }) => path);
    expect(paths('connection')).to.have.members([...always, operation]);
    expect(paths('statement')).to.have.members([...always, operation]);
    expect(paths('error')).to.have.members([...always, ...error]);
  });

  it('lets no field that is written unescaped hold a character that JSON escapes', () => {
    const special = fc.constantFrom('"', '\\', '\n', '\r', '\t', '\u0000', '\u001f', '\ud800', '\udfff');
    for (const { rule, path } of TELEMETRY_FIELDS) {
      if (rule.type !== 'string' || rule.escaped) continue;
      fc.assert(
        fc.property(fc.string(), special, fc.string(), (before, character, after) => {
          expect(keepsRule(rule, before + character + after), path).to.equal(false);
        }),
        { numRuns: 50 },
      );
      for (const character of ['"', '\\', '\n']) expect(keepsRule(rule, character), path).to.equal(false);
      for (const character of ['"', '\\', '\n']) expect(keepsRule(rule, `a${character}`), path).to.equal(false);
    }
  });

  const ACCEPTED: Record<string, readonly unknown[]> = {
    workspace_id: ['1', '1234567890123456', '999999999999999999'],
    user_agent: ['NodejsDatabricksSqlConnector/2.1.0 (Node.js 20.20.2; Linux 6.18)', 'a "quoted" \\ name'],
    client_app_name: ['my app/1.0', 'dapper', 'Basic reports'],
    process_name: ['node', 'my-app.v2'],
    http_path: ['/sql/1.0/warehouses/abc123?o=12', '/sql/protocolv1/o/12/0123-456789-abc'],
    'host_info.host_url': ['h.example.com', 'https://h.example.com', '10.0.0.1', '[::1]'],
    port: [1, 443, 65_535],
    session_id: ['01f0a3b4-1c2d-1e3f-8a4b-5c6d7e8f9a0b', 'session-1'],
    operation_latency_ms: [0, 0.4, 1e12],
    error_name: ['StatusError', 'TApplicationException'],
    is_compressed: [true, false],
    statement_type: ['QUERY', 'VOLUME'],
  };
  const REFUSED: Record<string, readonly unknown[]> = {
    workspace_id: ['', '0', '-1', '1.5', 'abc', '1234567890123456789', 12],
    user_agent: [
      '',
      'a\nb',
      'x'.repeat(513),
      'key dapi0123456789abcdef',
      'Bearer 0123456789abcdef',
      'eyJhbGciOiJIUzI1NiJ9',
      'é',
    ],
    client_app_name: ['dapi0123456789abcdef', 'x'.repeat(129)],
    process_name: ['/home/me/app', 'app --password=x', 'C:\\app', 'x'.repeat(65)],
    http_path: ['sql', '/sql?token=x', '/sql/a b', '/Volumes/ö', `/${'x'.repeat(256)}`],
    'host_info.host_url': ['', 'user:secret@host', 'host/path', 'a b'],
    port: [0, 65_536, NaN, '443'],
    session_id: ['', 'a b', "x' or 1=1", 'x'.repeat(129)],
    operation_latency_ms: [-1, NaN, Infinity, 1e17, '5'],
    error_name: ['', 'Status Error', '1Error', 'x'.repeat(65)],
    is_compressed: ['true', 1],
    statement_type: ['query', 'SELECT', '', 1],
  };

  for (const [path, values] of Object.entries(ACCEPTED)) {
    it(`lets ${path} leave as ${values.map((value) => JSON.stringify(value)).join(', ')}`, () => {
      for (const value of values) expect(keepsRule(row(path).rule, value), String(value)).to.equal(true);
    });
  }
  for (const [path, values] of Object.entries(REFUSED)) {
    it(`keeps back ${path} in any other form`, () => {
      for (const value of values) expect(keepsRule(row(path).rule, value), String(value)).to.equal(false);
    });
  }
});
