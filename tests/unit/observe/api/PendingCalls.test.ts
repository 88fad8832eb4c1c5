import { expect } from 'chai';
import { PendingCalls } from '../../../../lib/observe/api/PendingCalls';
import { ObservedConnection } from '../../.stubs/observedConnection';

const TEXT = 'SELECT 1';

describe('PendingCalls', () => {
  const connection = new ObservedConnection();

  function pending(sessionId: string, rpc: string, text: string | undefined) {
    return { sessionId, rpc, text, observation: connection.start(sessionId) };
  }

  it('gives an RPC the oldest call of its session, method and text', () => {
    const calls = new PendingCalls();
    const [first, second] = [pending('a', 'executeStatement', TEXT), pending('a', 'executeStatement', TEXT)];
    calls.add(first);
    calls.add(second);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(first.observation);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(second.observation);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(undefined);
  });

  it('confuses neither sessions nor methods nor texts', () => {
    const calls = new PendingCalls();
    const wanted = pending('b', 'getTables', undefined);
    for (const call of [pending('a', 'getTables', undefined), pending('b', 'getSchemas', undefined), wanted])
      calls.add(call);
    calls.add(pending('b', 'executeStatement', 'SELECT 2'));
    expect(calls.claim('b', 'executeStatement', TEXT)).to.equal(undefined);
    expect(calls.claim('b', 'getTables', undefined)).to.equal(wanted.observation);
  });

  it('lets a call that opted out take its own RPC', () => {
    const calls = new PendingCalls();
    const observed = pending('a', 'executeStatement', TEXT);
    calls.add({ sessionId: 'a', rpc: 'executeStatement', text: TEXT, observation: undefined });
    calls.add(observed);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(undefined);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(observed.observation);
  });

  it('forgets a call that never reached the wire, and nothing else', () => {
    const calls = new PendingCalls();
    const [gone, other] = [pending('a', 'executeStatement', TEXT), pending('a', 'executeStatement', TEXT)];
    calls.add(gone);
    calls.add(other);
    calls.remove(gone);
    calls.remove(gone);
    expect(calls.claim('a', 'executeStatement', TEXT)).to.equal(other.observation);
  });
});
