// Run by tools/check-package.mjs in a folder where the packed library is installed.
const assert = require('node:assert/strict');
const driver = require('@databricks/sql');
const { DBSQLClient } = require('databricks-sql-telemetry');
const { query } = require('./query.cjs');

assert(new DBSQLClient() instanceof driver.DBSQLClient, 'our client is a client of the installed driver');
query(DBSQLClient);
