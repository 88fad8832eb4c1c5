import type { TGetOperationStatusResp } from '@databricks/sql/thrift/TCLIService_types';
import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type { StatementOutcome } from '../../telemetry/types';

const { TOperationState } = TCLIService_types;

/** What the server said of a failure, where the error object that the driver throws no longer has it. */
export interface ServerFailure {
  readonly sqlState: string | undefined;
  readonly message: string | undefined;
}

/** How a statement has ended that the server says is in `state`, which is not a good one. */
export function outcomeOfState(state: TGetOperationStatusResp['operationState']): StatementOutcome {
  switch (state) {
    case TOperationState.CANCELED_STATE:
      return 'cancelled_by_server';
    case TOperationState.TIMEDOUT_STATE:
      return 'timed_out';
    default:
      return 'failed';
  }
}
