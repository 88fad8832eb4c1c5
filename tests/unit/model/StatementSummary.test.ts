import { expect } from 'chai';
import { FileTotals, RareFacts } from '../../../lib/model/Statement';
import { toStatementSummary, withLine } from '../../../lib/model/StatementSummary';
import { statementRecord } from '../.stubs/telemetryRecords';

const files = (totals: Partial<FileTotals>): FileTotals => Object.assign(new FileTotals(), totals);
const rare = (facts: Partial<RareFacts>): RareFacts => Object.assign(new RareFacts(), facts);

const lineOf = (summary: { toString(): string }): string => summary.toString();

describe('the line of a statement summary', () => {
  it('says which statement, how it ended, how long it took, and where the time went', () => {
    const summary = toStatementSummary(
      statementRecord({
        latencyMs: 500.04,
        consumedMs: 250,
        submitLatencyMs: 100,
        resultReadyLatencyMs: 450.26,
        firstRowLatencyMs: 480,
        resultConsumptionLatencyMs: 300,
        pollCount: 3,
        rowCount: 1000,
        byteCount: 2048,
        retryCount: 2,
        files: files({ present: 4, downloaded: 3, failed: 1 }),
        rare: rare({ closeLatencyMs: 5, retryCauses: '503:2' }),
      }),
    );
    expect(lineOf(summary)).to.equal(
      'statement-1 delivered in 750 ms: submit 100, wait 350.3, first row after 480, consume 300, close 5, 3 polls, ' +
        '1000 rows, 2048 bytes, 3 of 4 files, 1 files failed, 2 retries (503:2)',
    );
  });

  it('leaves out what is not known', () => {
    const bare = statementRecord({ statementId: undefined, outcome: 'failed', latencyMs: 7 });
    expect(lineOf(toStatementSummary(bare))).to.equal('statement without id failed in 7 ms: 0 rows, 0 bytes');
    expect(lineOf(withLine({}))).to.equal('statement without id ended');
    expect(
      lineOf(withLine({ statementId: 'a', filesPresent: 2, retryCount: 1, latencyMs: 4, submitLatencyMs: 1 })),
    ).to.equal('a ended: submit 1, wait 3, 0 of 2 files, 1 retries');
  });

  it('is no field of the summary', () => {
    expect(Object.keys({ ...toStatementSummary(statementRecord()) })).not.to.include('toString');
  });
});
