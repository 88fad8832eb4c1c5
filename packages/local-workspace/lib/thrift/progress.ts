import { TJobExecutionStatus, TProgressUpdateResp } from '@databricks/sql/thrift/TCLIService_types';
import { int64 } from '../results/columnar';

/** Progress as the protocol tells it: one stage. `share` is 0 to 1. */
export function progressOf(running: boolean, share: number, startedAt: number): TProgressUpdateResp {
  return new TProgressUpdateResp({
    headerNames: ['STAGES', 'STATUS'],
    rows: [['Stage-1', running ? 'RUNNING' : 'FINISHED']],
    progressedPercentage: running ? share : 1,
    status: running ? TJobExecutionStatus.IN_PROGRESS : TJobExecutionStatus.COMPLETE,
    footerSummary: '',
    startTime: int64(startedAt),
  });
}
