import type { SqlError } from '../sql/SqlError';
import type { RunState } from '../service/StatementRun';
import { manifestSchema } from './columns';
import type { SeaResult } from './SeaResult';

/** `running`: what a statement that is not done is called; the first answer says PENDING. */
export function statusOf(state: RunState<SeaResult>, running: 'PENDING' | 'RUNNING'): object {
  switch (state.kind) {
    case 'running':
      return { state: running };
    case 'finished': {
      const { modifiedRows } = state.delivery;
      return { state: 'SUCCEEDED', ...(modifiedRows === undefined ? {} : { num_modified_rows: modifiedRows }) };
    }
    case 'failed':
      return failedStatus(errorCodeOf(state.error), state.error.message, state.error.sqlState);
    case 'timed-out':
      return failedStatus('DEADLINE_EXCEEDED', state.error.message, state.error.sqlState);
    case 'cancelled':
      return { state: 'CANCELED' };
    case 'closed':
      return { state: 'CLOSED' };
  }
}

export function failedStatus(code: string, message: string, sqlState: string | undefined): object {
  return {
    state: 'FAILED',
    error: { error_code: code, message },
    ...(sqlState === undefined ? {} : { sql_state: sqlState }),
  };
}

function errorCodeOf({ sqlState }: SqlError): string {
  if (sqlState.startsWith('XX')) return 'INTERNAL_ERROR';
  return sqlState.startsWith('53') ? 'RESOURCE_EXHAUSTED' : 'BAD_REQUEST';
}

export function manifestOf(result: SeaResult): object {
  return {
    format: result.format,
    schema: manifestSchema(result.columns),
    total_chunk_count: result.chunks.length,
    chunks: result.chunks.map(({ index, rowOffset, rows, offered }) => ({
      chunk_index: index,
      row_offset: rowOffset,
      row_count: rows,
      byte_count: offered.bytes,
    })),
    total_row_count: result.rows,
    total_byte_count: result.bytes,
    truncated: result.truncated,
    ...(result.lz4 ? { result_compression: 'LZ4_FRAME' } : {}),
    ...(result.isVolumeOperation ? { is_volume_operation: true } : {}),
  };
}
