import { expect } from 'chai';
import { ThrownValue } from '../../../../lib/model/errorFacts';
import { describeError, describeErrorBriefly } from '../../../../lib/model/fields/describeError';
import { errorFacts, errorRecord } from '../../.stubs/telemetryRecords';

describe('describeError', () => {
  it('puts what is known in one line', () => {
    const error = errorFacts({
      code: 'ERROR',
      sqlState: '42P01',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND.SUB_CLASS',
      httpStatus: 400,
    });
    expect(describeErrorBriefly(errorRecord({ stage: 'poll', error, isTerminal: true }))).to.equal(
      'stage=poll code=ERROR sqlstate=42P01 class=TABLE_OR_VIEW_NOT_FOUND.SUB_CLASS http=400 retryable=false',
    );
  });

  it('leaves out what is not known', () => {
    expect(describeErrorBriefly(errorRecord({ isTerminal: false }))).to.equal('stage=execute retryable=true');
  });

  it('leaves out what does not look like what it should be', () => {
    const error = errorFacts({
      code: 'my secret',
      sqlState: 'secret',
      errorClass: 'Secret text',
      httpStatus: 1234,
    });
    expect(describeErrorBriefly(errorRecord({ error }))).to.equal('stage=execute retryable=false');
  });

  it('adds a line for each frame of the driver', () => {
    const thrown = new Error('x');
    thrown.stack = 'Error: x\n    at f (/a/node_modules/@databricks/sql/dist/b.js:1:2)\n    at g (/a/b.js:3:4)';
    expect(describeError(errorRecord({ thrown: new ThrownValue(thrown) }))).to.equal(
      'stage=execute retryable=false\nat @databricks/sql/dist/b.js:1',
    );
  });
});
