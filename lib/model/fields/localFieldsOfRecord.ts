import type { ErrorRecord } from '../records';
import { bool, escapedText, int64, share, text, type ErrorField, type FieldRow, type ValueRule } from './fieldRow';
import { publicText } from './publicLabel';
import { count, field, latency, local, ofStatement, required } from './recordField';
import { redact } from './redact';

const CODE = text(publicText(String.raw`(?:[A-Z][A-Z0-9_]*|\d+)`), 64);
/** HTTP statuses and codes of the network, each with its number. */
const CAUSES = text(/^(?:[1-5]\d\d|E[A-Z_]+|OTHER):\d+(?: (?:[1-5]\d\d|E[A-Z_]+|OTHER):\d+)*$/, 400);

/** A field of error records that in-process sinks get by itself; on the wire it stands in the stack trace. */
function errorFact(
  name: string,
  rule: ValueRule,
  at: ErrorField | ((record: ErrorRecord) => unknown),
  description: string,
): FieldRow {
  return local(field(name, rule, { error: at }, description));
}

const PHASES: readonly FieldRow[] = [
  local(latency('submitLatency', 'submitLatencyMs', 'Time of the submission request.')),
  local(
    latency(
      'firstRowLatency',
      'firstRowLatencyMs',
      'From submission until the application got the first row: the time its calls took, without what it did in between.',
    ),
  ),
  local(
    latency(
      'closeLatency',
      'rare.closeLatencyMs',
      'Time of the request that closed the operation. May come after the end, until the row is serialised.',
    ),
  ),
  local(
    ofStatement(
      'directResults',
      text(/^[a-z]+$/, 8),
      'directResults',
      'What came with the answer to the submission: `none`, `partial` (the first page) or `complete`.',
    ),
  ),
];

const FILES: readonly FieldRow[] = [
  local(count('filesDownloaded', 'files.downloaded', 'CloudFetch files that were downloaded.')),
  local(count('filesUnread', 'files.unread', 'CloudFetch files that were downloaded ahead and never read.')),
  local(count('filesRetried', 'files.retried', 'CloudFetch files that took more than one attempt.')),
  local(count('filesFailed', 'files.failed', 'CloudFetch files that were given up.')),
  local(
    ofStatement(
      'failedFileStatus',
      int64(100, 599),
      'files.firstFailedStatus',
      'HTTP status of the first CloudFetch file that was given up, where it was answered.',
    ),
  ),
  local(count('filesExpired', 'files.expired', 'CloudFetch files given up after their link had expired.')),
];

const RARE: readonly FieldRow[] = [
  local(
    ofStatement(
      'retryCauses',
      CAUSES,
      'rare.retryCauses',
      'HTTP statuses and network codes that made the driver try again, with their numbers: `503:2 ECONNRESET:1`.',
    ),
  ),
  local({
    ...ofStatement('volumeBytes', int64(), 'rare.volumeBytes', 'Size of the transferred file.'),
    unit: 'bytes',
  }),
  local(latency('volumeTransferLatency', 'rare.volumeTransferLatencyMs', 'Time of the transfer of the file.')),
];

function redactedMessage({ thrown }: ErrorRecord): string | undefined {
  const message = thrown?.message();
  return message === undefined ? undefined : redact(message);
}

/** Fields of one record that stay in the process. */
export const LOCAL_FIELDS_OF_RECORD: readonly FieldRow[] = [
  local(
    required(
      field('level', text(/^[A-Z]+$/, 8), { connection: 'level', statement: 'level', error: 'level' }, 'Severity.'),
    ),
  ),
  local(
    field(
      'sampleRate',
      share,
      { connection: 'sampleRate', statement: 'sampleRate' },
      'Share of records like this one that are sent; absent when all are.',
    ),
  ),
  local(required(ofStatement('outcome', text(/^[a-z_]+$/, 32), 'outcome', 'How the statement ended.'))),
  ...PHASES,
  ...FILES,
  ...RARE,
  local(required(count('pageCount', 'pageCount', 'Pages of an inline result.'))),
  local(required(count('rowCount', 'rowCount', 'Rows that the application was given.'))),
  local({
    ...required(ofStatement('byteCount', int64(), 'byteCount', 'Bytes of the result.')),
    unit: 'bytes',
  }),
  required(errorFact('stage', text(/^[a-z_]+$/, 32), 'stage', 'Where the error came up.')),
  required(errorFact('isTerminal', bool, 'isTerminal', 'Whether a retry is pointless.')),
  errorFact('code', CODE, 'error.code', 'Code of the driver, the server or the network.'),
  errorFact('sqlState', text(/^[0-9A-Z]{5}$/, 5), 'error.sqlState', 'SQLSTATE.'),
  errorFact('errorClass', text(publicText('[A-Z_.]+'), 129), 'error.errorClass', 'Error class of the server.'),
  errorFact('httpStatus', int64(100, 599), 'error.httpStatus', 'HTTP status of the answer.'),
  {
    ...errorFact('message', escapedText(/^[^]*$/, 4200), redactedMessage, 'Text of the error, redacted.'),
    onRequest: true,
  },
];
