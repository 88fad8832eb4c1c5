// Run by tools/check-package.mjs under `node --test`.
const test = require('node:test');
const { DBSQLClient } = require('databricks-sql-telemetry');
const { query } = require('./query.cjs');

test('queries and reports', () => query(DBSQLClient));
