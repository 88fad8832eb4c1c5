import type { TRowSet } from '@databricks/sql/thrift/TCLIService_types';
import type { VolumeOperation } from '../../model/enums';

const NAMES: Readonly<Record<string, VolumeOperation>> = { PUT: 'PUT', GET: 'GET', REMOVE: 'DELETE' };

/** The operation that the server calls `name`; undefined for what is none. */
export function volumeOperationNamed(name: unknown): VolumeOperation | undefined {
  return typeof name === 'string' && Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** The name stands alone in a string buffer of the batch, padded with zero bytes to its alignment. */
const IN_ARROW = /\0(PUT|GET|REMOVE)\0/;

/**
 * Which transfer the server's answer to a staging statement asks for; undefined when the answer does not show it. Looks
 * at the one row that such an answer has, never at its paths.
 */
export function volumeOperationOf(results: TRowSet | undefined | null): VolumeOperation | undefined {
  if (results === undefined || results === null) return undefined;
  for (const column of results.columns ?? []) {
    const operation = volumeOperationNamed(column.stringVal?.values[0]);
    if (operation !== undefined) return operation;
  }
  for (const { batch } of results.arrowBatches ?? []) {
    const name = IN_ARROW.exec(batch.toString('latin1'))?.[1];
    if (name !== undefined) return NAMES[name];
  }
  return undefined;
}
