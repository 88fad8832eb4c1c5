// Run by tools/check-package.mjs in a folder where the packed library is installed.
const assert = require('node:assert/strict');
const driver = require('@databricks/sql');
const { DBSQLClient } = require('databricks-sql-telemetry');

const client = new DBSQLClient();
assert(client instanceof driver.DBSQLClient, 'our client is a client of the installed driver');
