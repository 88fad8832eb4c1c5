import type { StatementRecord } from './types';

type Identity = Pick<
  StatementRecord,
  'statementId' | 'sessionId' | 'tenant' | 'protocol' | 'rpc' | 'sql' | 'queryTags' | 'directResults'
>;

/** The record of a statement that starts now. */
export function newStatementRecord(identity: Identity): StatementRecord {
  return {
    ...identity,
    outcome: 'running',
    sqlState: undefined,
    errorMessage: undefined,
    resultFormat: undefined,
    compressed: false,
    polls: 0,
    fetches: 0,
    metadataCalls: 0,
    files: [],
    filesOffered: 0,
    rows: 0,
    resultBytes: 0,
    closedBy: undefined,
    startedAt: Date.now(),
    finishedAt: undefined,
  };
}
