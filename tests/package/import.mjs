// Run by tools/check-package.mjs in a folder where the packed library is installed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { query } from './query.cjs';

const required = createRequire(import.meta.url)('databricks-sql-telemetry');
assert.equal(DBSQLClient, required.DBSQLClient, '`import` and `require` give the same class');
await query(DBSQLClient);
