import { expect } from 'chai';
import { RpcsInFlight } from '../../../../lib/observe/rpc/RpcsInFlight';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { OPERATION_GUID, SESSION_GUID } from '../../.stubs/thriftAnswers';

const MESSAGE = Buffer.concat([Buffer.from('GetOperationStatus'), OPERATION_GUID, Buffer.from('tail')]);

describe('RpcsInFlight', () => {
  const connection = new ObservedConnection();

  function inFlight(thriftMethod: string, guid: Buffer) {
    return { thriftMethod, guid, observation: connection.start() };
  }

  it('counts retries for the statement whose id is in the message', () => {
    const rpcs = new RpcsInFlight();
    const [mine, other] = [
      inFlight('GetOperationStatus', OPERATION_GUID),
      inFlight('GetOperationStatus', SESSION_GUID),
    ];
    rpcs.add(mine);
    rpcs.add(other);
    rpcs.retried('GetOperationStatus', MESSAGE, '503');
    rpcs.retried('GetOperationStatus', MESSAGE, '503');
    expect(mine.observation.aggregate.retryCount).to.equal(2);
    expect(mine.observation.aggregate.retryCauses).to.equal('503:2');
    expect(other.observation.aggregate.retryCount).to.equal(0);
  });

  it('counts nothing for another method, a nameless one, or an RPC that has ended', () => {
    const rpcs = new RpcsInFlight();
    const mine = inFlight('GetOperationStatus', OPERATION_GUID);
    rpcs.add(mine);
    rpcs.retried('CloseOperation', MESSAGE, '503');
    rpcs.retried(undefined, MESSAGE, '503');
    rpcs.remove(mine);
    rpcs.retried('GetOperationStatus', MESSAGE, '503');
    expect(mine.observation.aggregate.retryCount).to.equal(0);
  });

  it('counts for nobody when two statements could be meant', () => {
    const rpcs = new RpcsInFlight();
    const [one, two] = [inFlight('GetCatalogs', OPERATION_GUID), inFlight('GetCatalogs', OPERATION_GUID)];
    rpcs.add(one);
    rpcs.add(two);
    rpcs.retried('GetCatalogs', MESSAGE, '503');
    expect([one, two].map(({ observation }) => observation.aggregate.retryCount)).to.deep.equal([0, 0]);
  });

  it('counts once when one statement has two such RPCs on their way', () => {
    const rpcs = new RpcsInFlight();
    const mine = inFlight('GetOperationStatus', OPERATION_GUID);
    rpcs.add(mine);
    rpcs.add({ ...mine });
    rpcs.retried('GetOperationStatus', MESSAGE, '503');
    expect(mine.observation.aggregate.retryCount).to.equal(1);
  });
});
