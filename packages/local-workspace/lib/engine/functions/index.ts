import type { DuckDBConnection } from '@duckdb/node-api';
import { MOMENT_FUNCTIONS } from './moments';
import { NUMBER_FUNCTIONS } from './numbers';
import { registerScalar } from './scalar';
import { TEXT_FUNCTIONS } from './texts';
import { TYPE_FUNCTIONS } from './typeNames';
import { WEB_FUNCTIONS } from './web';

/** Makes known what DuckDB cannot express itself. */
export function registerFunctions(connection: DuckDBConnection): void {
  const all = [NUMBER_FUNCTIONS, TEXT_FUNCTIONS, WEB_FUNCTIONS, MOMENT_FUNCTIONS, TYPE_FUNCTIONS];
  for (const scalar of all.flat()) registerScalar(connection, scalar);
}
