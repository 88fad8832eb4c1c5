import { expect } from 'chai';
import { PendingCalls } from '../../../../lib/observe/api/PendingCalls';
import { ObservedConnection } from '../../.stubs/observedConnection';

const TEXT = 'SELECT 1';

describe('PendingCalls', () => {
  const connection = new ObservedConnection();

  function pending(sessionId: string, rpc: string, text: string | undefined) {
    return { sessionId, rpc, text, statement: connection.start(sessionId), transfer: undefined, isClaimed: false };
  }

  it('gives an RPC the oldest call of its session, method and text', () => {
    const calls = new PendingCalls();
    const [first, second] = [pending('a', 'executeStatement', TEXT), pending('a', 'executeStatement', TEXT)];
    calls.add(first);
    calls.add(second);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(first.statement);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(second.statement);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(undefined);
  });

  it('confuses neither sessions nor methods nor texts', () => {
    const calls = new PendingCalls();
    const wanted = pending('b', 'getTables', undefined);
    for (const call of [pending('a', 'getTables', undefined), pending('b', 'getSchemas', undefined), wanted])
      calls.add(call);
    calls.add(pending('b', 'executeStatement', 'SELECT 2'));
    expect(calls.claim('b', 'executeStatement', TEXT)).to.equal(undefined);
    expect(calls.claim('b', 'getTables', undefined)).to.equal(wanted.statement);
  });

  it('lets a call that opted out take its own RPC', () => {
    const calls = new PendingCalls();
    const observed = pending('a', 'executeStatement', TEXT);
    calls.add({ ...pending('a', 'executeStatement', TEXT), statement: undefined });
    calls.add(observed);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(undefined);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(observed.statement);
  });

  it('forgets a call that never reached the wire, and nothing else', () => {
    const calls = new PendingCalls();
    const [gone, other] = [pending('a', 'executeStatement', TEXT), pending('a', 'executeStatement', TEXT)];
    calls.add(gone);
    calls.add(other);
    calls.remove(gone);
    calls.remove(gone);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(other.statement);
  });

  it('notes which calls have reached the wire: nobody takes the next one for them', () => {
    const calls = new PendingCalls();
    const [first, second] = [pending('a', 'executeStatement', TEXT), pending('a', 'executeStatement', TEXT)];
    calls.add(first);
    calls.add(second);
    calls.claim('a', 'executeStatement', TEXT);
    expect([first.isClaimed, second.isClaimed]).to.deep.equal([true, false]);
    calls.remove(first);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(second.statement);
  });
});
