import type { DuckDBConnection } from '@duckdb/node-api';
import type { MemoryGuard } from '../MemoryGuard';
import { MOMENT_FUNCTIONS } from './moments';
import { NUMBER_FUNCTIONS } from './numbers';
import { PATTERN_FUNCTIONS } from './patterns';
import { registerRoom } from './room';
import { registerScalar } from './scalar';
import { TEXT_FUNCTIONS } from './texts';
import { TYPE_FUNCTIONS } from './typeNames';
import { WEB_FUNCTIONS } from './web';

/** Makes known what DuckDB cannot express itself. */
export function registerFunctions(connection: DuckDBConnection, guard: MemoryGuard, ending: ReadonlySet<number>): void {
  const all = [NUMBER_FUNCTIONS, TEXT_FUNCTIONS, WEB_FUNCTIONS, MOMENT_FUNCTIONS, TYPE_FUNCTIONS, PATTERN_FUNCTIONS];
  for (const scalar of all.flat()) registerScalar(connection, guard, scalar);
  registerRoom(connection, guard, ending);
}
