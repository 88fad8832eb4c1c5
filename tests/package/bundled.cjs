// Bundled by tools/check-package.mjs with what docs/TELEMETRY.md says, then run.
const { DBSQLClient } = require('databricks-sql-telemetry');
const { query } = require('./query.cjs');

query(DBSQLClient);
