import { tableNotFound } from '../sql/compile/from';
import { literal } from '../sql/quote';
import type { UpkeepCommand } from '../sql/upkeep';
import { qualify } from './notes';
import type { CommandContext } from './showQueries';
import { resolveTables } from './tables';

const SIZES = 'STRUCT(min BIGINT, max BIGINT, avg DOUBLE, "totalFiles" BIGINT, "totalSize" BIGINT)';

/** The metrics of an OPTIMIZE that found nothing to do, with their types. */
const METRICS: readonly (readonly [name: string, type: string, value: string])[] = [
  ['numFilesAdded', 'BIGINT', '0'],
  ['numFilesRemoved', 'BIGINT', '0'],
  ['filesAdded', SIZES, `{'min': NULL, 'max': NULL, 'avg': 0, 'totalFiles': 0, 'totalSize': 0}`],
  ['filesRemoved', SIZES, `{'min': NULL, 'max': NULL, 'avg': 0, 'totalFiles': 0, 'totalSize': 0}`],
  ['partitionsOptimized', 'BIGINT', '0'],
  ['numBatches', 'BIGINT', '0'],
  ['totalConsideredFiles', 'BIGINT', '0'],
  ['totalFilesSkipped', 'BIGINT', '0'],
  ['preserveInsertionOrder', 'BOOLEAN', 'true'],
  ['numFilesSkippedToReduceWriteAmplification', 'BIGINT', '0'],
  ['numBytesSkippedToReduceWriteAmplification', 'BIGINT', '0'],
  ['startTimeMs', 'BIGINT', 'epoch_ms(now())'],
  ['endTimeMs', 'BIGINT', 'epoch_ms(now())'],
];

/** Where a table would be. */
export const locationOf = (name: readonly string[]): string => `/local-workspace/${name.join('/').toLowerCase()}`;

async function checkThere(name: string[], context: CommandContext): Promise<void> {
  const known = await resolveTables([name], context);
  if (known[name.join('.').toLowerCase()] === undefined) throw tableNotFound(name);
}

/** The result of a statement that keeps a table in shape: a DuckDB query, undefined when it has none. */
export async function runUpkeep(command: UpkeepCommand, context: CommandContext): Promise<string | undefined> {
  if (command.kind === 'cache') {
    if (command.name && !command.ifExists) await checkThere(command.name, context);
    return undefined;
  }
  await checkThere(command.name, context);
  const location = literal(locationOf(qualify(command.name, context.session, 3)));
  switch (command.kind) {
    case 'optimize': {
      const fields = METRICS.map(([name, type, value]) => `'${name}': CAST(${value} AS ${type})`);
      return `SELECT ${location} AS path, {${fields.join(', ')}} AS metrics`;
    }
    case 'vacuum':
      return `SELECT ${location} AS path${command.dryRun ? ' LIMIT 0' : ''}`;
    case 'analyze':
      return undefined;
  }
}
