// Run by tools/check-package.mjs in a folder where the packed library and OpenTelemetry's API are installed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { DatabricksSqlInstrumentation, traceStatements } from 'databricks-sql-telemetry/opentelemetry';
import { query } from './query.cjs';

const required = createRequire(import.meta.url)('databricks-sql-telemetry/opentelemetry');
assert.equal(traceStatements, required.traceStatements, '`import` and `require` give the same function');
assert.equal(new DatabricksSqlInstrumentation({ enabled: false }).instrumentationName, 'databricks-sql-telemetry');

const spans = [];
const stop = traceStatements({
  meter: false,
  tracer: {
    startSpan: (name, { attributes }) => {
      spans.push(attributes);
      return { isRecording: () => false, spanContext: () => ({ traceId: '0'.repeat(32) }), end: () => undefined };
    },
  },
});
await query(DBSQLClient);
stop();
assert.deepEqual(
  spans.map((attributes) => attributes['db.system.name']),
  ['databricks'],
);
