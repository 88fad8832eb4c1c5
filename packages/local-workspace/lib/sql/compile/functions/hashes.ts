import type { SqlType } from '../../../engine/types';
import { unsupported } from '../../SqlError';
import { BIGINT, INT, type Typed } from '../Typed';
import { wrongArguments } from '../failures';
import type { Rule } from './rules';

/** What the hash functions hash for a value: four bytes, eight, or text; NULL leaves the hash as it was. */
function prepared({ sql, type }: Typed): { width: 'int' | 'long' | 'bytes'; sql: string } {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
      return { width: 'int', sql: `CAST(${sql} AS INTEGER)` };
    case 'date':
      return { width: 'int', sql: `CAST(${sql} - DATE '1970-01-01' AS INTEGER)` };
    case 'bigint':
      return { width: 'long', sql };
    case 'timestamp':
    case 'timestamp_ntz':
      return { width: 'long', sql: `epoch_us(${sql})` };
    case 'double':
      return { width: 'long', sql: `__double_bits(${sql})` };
    case 'float':
      return { width: 'int', sql: `__float_bits(${sql})` };
    case 'decimal':
      if (type.precision <= 18)
        return { width: 'long', sql: `CAST(${sql} * CAST(1${'0'.repeat(type.scale)} AS DECIMAL(19,0)) AS BIGINT)` };
      throw refused(type);
    case 'string':
      return { width: 'bytes', sql: `encode(${sql})` };
    case 'binary':
      return { width: 'bytes', sql };
    default:
      throw refused(type);
  }
}

function refused(type: SqlType): Error {
  return unsupported(`A hash of a value of the type ${type.kind}`);
}

function hashing(family: 'murmur' | 'xxhash', result: SqlType): Rule {
  return (call) => {
    if (call.args.length === 0) throw wrongArguments(call.name, 0);
    const type = result.kind === 'int' ? 'INTEGER' : 'BIGINT';
    const sql = call.args.reduce((seed, value) => {
      if (value.type.kind === 'void') return seed;
      const part = prepared(value);
      return `coalesce(__${family}_${part.width}(${part.sql}, ${seed}), ${seed})`;
    }, `CAST(42 AS ${type})`);
    return { sql, type: result };
  };
}

export const HASH_RULES: Readonly<Record<string, Rule>> = {
  hash: hashing('murmur', INT),
  xxhash64: hashing('xxhash', BIGINT),
};
