import { BIGINT, BOOLEAN, DuckDBScalarFunction, type DuckDBConnection } from '@duckdb/node-api';
import type { MemoryGuard } from '../MemoryGuard';
import { tooLarge } from './scalar';

interface Caller {
  readonly connectionId: number;
}

/**
 * `__room(bytes, n)` is n, and fails where the values of one step need more memory than a step may take. `__alive()` is
 * true, and fails where there is no memory left or the statement of its connection is to end: for the bodies of lambdas,
 * which nothing ends from outside.
 */
export function registerRoom(connection: DuckDBConnection, guard: MemoryGuard, ending: ReadonlySet<number>): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: '__room',
      parameterTypes: [BIGINT, BIGINT],
      returnType: BIGINT,
      mainFunction: (info, input, output) => {
        try {
          const [sizes, counts] = [input.getColumnVector(0), input.getColumnVector(1)];
          let bytes = 0;
          for (let row = 0; row < input.rowCount; row++) {
            const size = sizes.getItem(row) as bigint | null;
            bytes += Number(size ?? 0n);
            output.setItem(row, counts.getItem(row) as bigint | null);
          }
          if (!guard.fits(bytes)) throw tooLarge();
          output.flush();
        } catch (error) {
          info.setError(error instanceof Error ? error.message : String(error));
        }
      },
    }),
  );
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: '__alive',
      parameterTypes: [],
      returnType: BOOLEAN,
      volatile: true,
      bindFunction: (info) => {
        const caller: Caller = { connectionId: info.clientContext.connectionId };
        info.setBindData(caller);
      },
      mainFunction: (info, input, output) => {
        try {
          if (ending.has((info.bindData as Caller).connectionId)) throw new Error('INTERRUPT Error: Interrupted!');
          if (!guard.fits(0)) throw tooLarge();
          for (let row = 0; row < input.rowCount; row++) output.setItem(row, true);
          output.flush();
        } catch (error) {
          info.setError(error instanceof Error ? error.message : String(error));
        }
      },
    }),
  );
}
