import type { SqlType } from '../../engine/types';
import { typeName } from '../../engine/types';
import { SqlError } from '../SqlError';

export function mismatch(what: string): SqlError {
  return new SqlError(
    'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
    '42K09',
    `Cannot resolve ${what} due to data type mismatch.`,
  );
}

export function differing(what: string, types: readonly SqlType[]): SqlError {
  return new SqlError(
    'DATATYPE_MISMATCH.DATA_DIFF_TYPES',
    '42K09',
    `Cannot resolve ${what} due to data type mismatch: input types are ${types.map((type) => `"${typeName(type).toUpperCase()}"`).join(', ')}.`,
  );
}

export function wrongArguments(name: string, given: number): SqlError {
  return new SqlError(
    'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
    '42605',
    `The \`${name}\` does not take ${given} parameters.`,
  );
}

export function unresolvedColumn(name: string): SqlError {
  return new SqlError(
    'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
    '42703',
    `A column, variable, or function parameter with name \`${name}\` cannot be resolved.`,
  );
}

export function unresolvedRoutine(name: string): SqlError {
  return new SqlError(
    'UNRESOLVED_ROUTINE',
    '42883',
    `Cannot resolve routine \`${name}\` on search path [\`system\`.\`builtin\`, \`system\`.\`session\`].`,
  );
}

export function nonLiteral(what: string): SqlError {
  return new SqlError('DATATYPE_MISMATCH.NON_FOLDABLE_INPUT', '42K09', `${what} must be a literal.`);
}

/** DuckDB text that fails when it is evaluated; `errors.ts` reads class and SQLSTATE out of it. */
export function raise(condition: string, sqlState: string, text: string): string {
  return `error('[${condition}|${sqlState}]${text.replaceAll("'", "''")}')`;
}
