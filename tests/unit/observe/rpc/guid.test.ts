import { expect } from 'chai';
import { formatGuid } from '../../../../lib/observe/rpc/guid';
import { OPERATION_GUID, OPERATION_ID } from '../../.stubs/thriftAnswers';

describe('formatGuid', () => {
  it('prints sixteen bytes as the driver prints an id', () => {
    expect(formatGuid(OPERATION_GUID)).to.equal(OPERATION_ID);
  });
});
