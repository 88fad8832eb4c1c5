import type { DuckDBConnection } from '@duckdb/node-api';
import { MOMENT_FUNCTIONS } from './moments';
import { NUMBER_FUNCTIONS } from './numbers';
import { registerScalar } from './scalar';
import { TEXT_FUNCTIONS } from './texts';
import { WEB_FUNCTIONS } from './web';

/** Makes known what DuckDB cannot express itself. */
export function registerFunctions(connection: DuckDBConnection): void {
  for (const scalar of [...NUMBER_FUNCTIONS, ...TEXT_FUNCTIONS, ...WEB_FUNCTIONS, ...MOMENT_FUNCTIONS])
    registerScalar(connection, scalar);
}
