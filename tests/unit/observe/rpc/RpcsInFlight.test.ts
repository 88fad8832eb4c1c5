import { expect } from 'chai';
import { RpcsInFlight, type RpcInFlight } from '../../../../lib/observe/rpc/RpcsInFlight';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { OPERATION_GUID, SESSION_GUID } from '../../.stubs/thriftAnswers';

const MESSAGE = Buffer.concat([Buffer.from('GetOperationStatus'), OPERATION_GUID, Buffer.from('tail')]);
const ONCE = { count: 2, causes: ['503'] };

describe('RpcsInFlight', () => {
  const connection = new ObservedConnection();

  function inFlight(thriftMethod: string, guid: Buffer): RpcInFlight {
    return { thriftMethod, guid, statement: connection.start() };
  }

  it('counts retries, with their causes, for the statement whose id is in the message', () => {
    const rpcs = new RpcsInFlight(connection.observer.audience);
    const [mine, other] = [
      inFlight('GetOperationStatus', OPERATION_GUID),
      inFlight('GetOperationStatus', SESSION_GUID),
    ];
    rpcs.add(mine);
    rpcs.add(other);
    rpcs.repeated(MESSAGE, { count: 3, causes: ['503', '503'] });
    expect(mine.statement.retryCount).to.equal(2);
    expect(mine.statement.rare?.retryCauses).to.equal('503:2');
    expect(other.statement.retryCount).to.equal(0);
  });

  it('counts nothing for another method, another message, or an RPC that is over', () => {
    const rpcs = new RpcsInFlight(connection.observer.audience);
    const mine = inFlight('GetOperationStatus', OPERATION_GUID);
    const over = rpcs.add(mine);
    rpcs.repeated(Buffer.concat([Buffer.from('CloseOperation'), OPERATION_GUID]), ONCE);
    rpcs.repeated(OPERATION_GUID, ONCE);
    over();
    rpcs.repeated(MESSAGE, ONCE);
    rpcs.repeated(undefined, ONCE);
    expect(mine.statement.retryCount).to.equal(0);
  });

  it('takes the only statement that it can have been where no attempt was answered', () => {
    const rpcs = new RpcsInFlight(connection.observer.audience);
    const mine = inFlight('GetOperationStatus', OPERATION_GUID);
    rpcs.add(mine);
    rpcs.repeated(undefined, ONCE);
    expect(mine.statement.retryCount).to.equal(1);
    rpcs.add(inFlight('CloseOperation', SESSION_GUID));
    rpcs.repeated(undefined, ONCE);
    expect(mine.statement.retryCount).to.equal(1);
  });

  it('counts for nobody when two statements could be meant', () => {
    const rpcs = new RpcsInFlight(connection.observer.audience);
    const both = [inFlight('GetOperationStatus', OPERATION_GUID), inFlight('GetOperationStatus', OPERATION_GUID)];
    for (const rpc of both) rpcs.add(rpc);
    rpcs.repeated(MESSAGE, ONCE);
    expect(both.map(({ statement }) => statement.retryCount)).to.deep.equal([0, 0]);
  });

  it('counts once when one statement has two such RPCs on their way', () => {
    const rpcs = new RpcsInFlight(connection.observer.audience);
    const mine = inFlight('GetOperationStatus', OPERATION_GUID);
    rpcs.add(mine);
    rpcs.add({ ...mine });
    rpcs.repeated(MESSAGE, ONCE);
    expect(mine.statement.retryCount).to.equal(1);
  });
});
