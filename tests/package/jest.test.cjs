// Run by tools/check-package.mjs under jest, with the configuration of docs/TELEMETRY.md.
const { DBSQLClient } = require('databricks-sql-telemetry');
const { query } = require('./query.cjs');

test('queries and reports', () => query(DBSQLClient));
