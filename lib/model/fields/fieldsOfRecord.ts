import { describeError, describeErrorBriefly } from './describeError';
import { bool, escapedText, int64, oneOf, text, type FieldRow } from './fieldRow';
import { PUBLIC_ID, publicText } from './publicLabel';
import { count, field, latency, minimal, ofStatement, required } from './recordField';

const LOG = 'entry.sql_driver_log';
const OPERATION = `${LOG}.sql_operation`;
const CHUNKS = `${OPERATION}.chunk_details`;
const LATENCY = `${OPERATION}.result_latency`;
const DETAIL = `${OPERATION}.operation_detail`;
const ERROR = `${LOG}.error_info`;

const ID = text(PUBLIC_ID, 128);
const NAME = text(publicText(String.raw`[A-Za-z_$][\w$]*`), 64);
const NEVER = text(/^$/, 0);

function never(path: string, description: string): FieldRow {
  return { path, rule: NEVER, scope: 'None', records: ['statement'], source: { from: 'nowhere' }, description };
}

const ENVELOPE: readonly FieldRow[] = [
  required(
    minimal(
      field(
        'frontend_log_event_id',
        text(/^[\da-f-]+$/, 36),
        { connection: 'eventId', statement: 'eventId', error: 'eventId' },
        'Id of the record (UUID), the same on every attempt to send it.',
      ),
    ),
  ),
  required(
    minimal({
      ...field(
        'context.client_context.timestamp_millis',
        int64(),
        { connection: 'timestampMs', statement: 'timestampMs', error: 'timestampMs' },
        'When it happened (statements: started), since the epoch.',
      ),
      unit: 'ms',
    }),
  ),
  field(
    `${LOG}.session_id`,
    ID,
    { connection: 'sessionId', statement: 'sessionId', error: 'sessionId' },
    'Session, as the server names it.',
  ),
  field(
    `${LOG}.sql_statement_id`,
    ID,
    { statement: 'statementId', error: 'statementId' },
    'Statement, as the server names it.',
  ),
  {
    ...field(
      `${LOG}.operation_latency_ms`,
      int64(),
      { connection: 'latencyMs', statement: 'latencyMs' },
      'Time that the backend took: submission and waiting, without the application’s own time.',
    ),
    unit: 'ms',
  },
];

const OPERATION_FIELDS: readonly FieldRow[] = [
  ofStatement(`${OPERATION}.statement_type`, oneOf('statement_type'), 'statementType', 'Kind of statement.'),
  ofStatement(`${OPERATION}.is_compressed`, bool, 'compressed', 'Whether the result came compressed.'),
  ofStatement(
    `${OPERATION}.execution_result`,
    oneOf('execution_result'),
    'executionResult',
    'Format in which the result was really read.',
  ),
  {
    ...field(
      `${OPERATION}.chunk_id`,
      int64(),
      { statement: 'files.firstFailed', error: 'error.chunkId' },
      'CloudFetch file that failed, counted from 0.',
    ),
    unit: 'count',
  },
  required(count(`${OPERATION}.retry_count`, 'retryCount', 'Requests beyond the first attempt.')),
  latency(`${CHUNKS}.initial_chunk_latency_millis`, 'files.firstMs', 'Download of the first file.'),
  latency(`${CHUNKS}.slowest_chunk_latency_millis`, 'files.slowestMs', 'Slowest download of a file.'),
  count(`${CHUNKS}.total_chunks_present`, 'files.present', 'CloudFetch files that the result consists of.'),
  count(`${CHUNKS}.total_chunks_iterated`, 'files.iterated', 'CloudFetch files that the reader got.'),
  latency(`${CHUNKS}.sum_chunks_download_time_millis`, 'files.sumMs', 'Sum of all downloads.'),
  latency(
    `${LATENCY}.result_set_ready_latency_millis`,
    'resultReadyLatencyMs',
    'From submission until the first result was there to read.',
  ),
  latency(
    `${LATENCY}.result_set_consumption_latency_millis`,
    'resultConsumptionLatencyMs',
    'From the first read until the result was fully delivered; absent when it was not.',
  ),
  required(count(`${DETAIL}.n_operation_status_calls`, 'pollCount', 'Status requests.')),
  required(latency(`${DETAIL}.operation_status_latency_millis`, 'pollLatencyMs', 'Sum of all status requests.')),
  minimal(
    field(
      `${DETAIL}.operation_type`,
      oneOf('operation_type'),
      { connection: 'operation', statement: 'operationType' },
      'Call that the record is about.',
    ),
  ),
  ofStatement(
    `${LOG}.vol_operation.volume_operation_type`,
    oneOf('volume_operation_type'),
    'rare.volumeOperation',
    'Kind of volume operation.',
  ),
  never(`${LOG}.vol_operation.volume_path`, 'Never sent: a path is personal data.'),
  never(`${LOG}.vol_operation.local_file`, 'Never sent: a path is personal data.'),
  never(`${DETAIL}.is_internal_call`, 'Not collected: this driver makes no statement of its own.'),
];

/** A line of facts, then frames: see `describeError`. Every character that any of them may have. */
const DESCRIPTION = escapedText(/^[\w=.\n@/:$ -]+$/, 4096);

const ERROR_FIELDS: readonly FieldRow[] = [
  required(minimal(field(`${ERROR}.error_name`, NAME, { error: 'error.name' }, 'Class of the error.'))),
  {
    ...required(
      field(
        `${ERROR}.stack_trace`,
        DESCRIPTION,
        { error: describeError },
        'Stage, code, SQLSTATE, error class and HTTP status, then the stack frames of driver and library code ' +
          '(package, file and line). Never a message.',
      ),
    ),
    unauthenticated: ['error'],
    unauthenticatedAt: { error: describeErrorBriefly },
  },
];

/** Fields that describe one record. */
export const FIELDS_OF_RECORD: readonly FieldRow[] = [...ENVELOPE, ...OPERATION_FIELDS, ...ERROR_FIELDS];
