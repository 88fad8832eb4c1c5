import { createHash } from 'node:crypto';
import { FAILED } from '../store/outcomes';
import type { Row } from '../store/Row';

/** A span, as OTLP/JSON writes it. */
export type Span = Readonly<Record<string, unknown>>;

const CLIENT_KIND = 3;
const ERROR_STATUS = 2;
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'databricks.statement.id': 'statementId',
  'databricks.warehouse.id': 'warehouse',
  'databricks.result.format': 'executionResult',
  'databricks.statement.outcome': 'outcome',
  'server.address': 'host',
  'db.response.status_code': 'sqlState',
  'error.type': 'errorClass',
  'peer.service': 'service',
};
const NUMBERS: Readonly<Record<string, string>> = {
  'db.response.returned_rows': 'rowCount',
  'databricks.retry.count': 'retryCount',
  'databricks.poll.count': 'pollCount',
};

/** A statement as a span of its latency; undefined when its id or latency is not known. Its ids derive from its own. */
export function spanOf(row: Row): Span | undefined {
  const { statementId, timeMs, latencyMs, operationType, outcome } = row;
  if (typeof statementId !== 'string' || typeof timeMs !== 'number' || typeof latencyMs !== 'number') return undefined;
  const digest = createHash('sha256').update(statementId).digest('hex');
  const attributes = [
    { key: 'db.system.name', value: { stringValue: 'databricks' } },
    ...Object.entries(ATTRIBUTES).flatMap(([key, name]) =>
      typeof row[name] === 'string' ? [{ key, value: { stringValue: row[name] } }] : [],
    ),
    ...Object.entries(NUMBERS).flatMap(([key, name]) =>
      typeof row[name] === 'number' ? [{ key, value: { intValue: String(row[name]) } }] : [],
    ),
  ];
  const failed = FAILED.some((name) => name === outcome);
  return {
    traceId: digest.slice(0, 32),
    spanId: digest.slice(32, 48),
    name: typeof operationType === 'string' ? operationType : 'databricks',
    kind: CLIENT_KIND,
    startTimeUnixNano: `${timeMs}000000`,
    endTimeUnixNano: `${timeMs + latencyMs}000000`,
    attributes,
    status: failed ? { code: ERROR_STATUS } : {},
  };
}
