import { VARCHAR } from '@duckdb/node-api';
import { databricksTypeName } from '../duckTypeNames';
import type { ScalarFunction } from './scalar';

export const TYPE_FUNCTIONS: readonly ScalarFunction[] = [
  { name: '__databricks_type', parameters: [VARCHAR], returns: VARCHAR, compute: databricksTypeName },
];
