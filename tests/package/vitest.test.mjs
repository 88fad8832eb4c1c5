// Run by tools/check-package.mjs under vitest.
import { DBSQLClient } from 'databricks-sql-telemetry';
import { query } from './query.cjs';

test('queries and reports', () => query(DBSQLClient));
