import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBScalarFunction,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { SqlError } from '../../sql/SqlError';
import type { MemoryGuard } from '../MemoryGuard';

/** A function that DuckDB calls and JavaScript answers. NULL in an argument is NULL in the answer. */
export interface ScalarFunction {
  readonly name: string;
  readonly parameters: readonly DuckDBType[];
  readonly returns: DuckDBType;
  /** An error's message is what the statement fails with. */
  readonly compute: (...args: never[]) => DuckDBValue;
}

export function registerScalar(
  connection: DuckDBConnection,
  guard: MemoryGuard,
  { name, parameters, returns, compute }: ScalarFunction,
): void {
  const call = compute as (...args: DuckDBValue[]) => DuckDBValue;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: parameters,
      returnType: returns,
      mainFunction: (info, input, output) => {
        try {
          const startedAt = performance.now();
          let bytes = 0;
          const columns = parameters.map((_type, i) => input.getColumnVector(i));
          for (let row = 0; row < input.rowCount; row++) {
            if (performance.now() - startedAt > LONGEST_MS) throw tooLong();
            const args = columns.map((column) => column.getItem(row) as DuckDBValue);
            const value = args.includes(null) ? null : call(...args);
            bytes += sizeOf(value);
            if (bytes > guard.stepBytes) throw tooLarge();
            output.setItem(row, value);
          }
          output.flush();
        } catch (error) {
          info.setError(messageOf(error));
        }
      },
    }),
  );
}

/** What `errors.ts` reads class and SQLSTATE out of. */
function messageOf(error: unknown): string {
  if (error instanceof SqlError) return failure(error.condition, error.sqlState, error.text).message;
  return error instanceof Error ? error.message : String(error);
}

/** About what a value takes; small ones count for nothing. */
function sizeOf(value: DuckDBValue): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof DuckDBBlobValue) return value.bytes.length;
  if (value instanceof DuckDBListValue) return value.items.reduce((sum: number, item) => sum + 16 + sizeOf(item), 0);
  return 0;
}

/** No function makes a longer text: all of it would be in the memory of the thread that answers requests. */
export const MAX_CHARACTERS = 5_000_000;

/** Rows are computed some thousands at a time, and nobody is answered meanwhile: usually milliseconds. */
const LONGEST_MS = 2000;

function tooLong(): Error {
  return failure(
    'QUERY_EXECUTION_TIMEOUT_EXCEEDED',
    '57KD0',
    'A function of text took so long that others would have had to wait for it.',
  );
}

export function tooLarge(): Error {
  return failure('OUT_OF_MEMORY', '53200', 'The statement needs more memory than the warehouse has.');
}

/** An error as `errors.ts` reads it. */
export function failure(condition: string, sqlState: string, text: string): Error {
  return new Error(`[${condition}|${sqlState}]${text}`);
}
