import { expect } from 'chai';
import { Gate } from '../../../../lib/telemetry/pipeline/Gate';
import { systemClock } from '../../../../lib/util/clock';

describe('Gate', () => {
  let nowMs: number;
  let expired: number;
  let gate: Gate;
  beforeEach(() => {
    nowMs = 100;
    expired = 0;
    gate = new Gate({ ...systemClock, now: () => nowMs }, () => void (expired += 1));
  });

  it('is open for ever until it is set', () => {
    gate.look(Number.MAX_SAFE_INTEGER);
    expect(gate.mode).to.deep.equal({ kind: 'open' });
    expect(gate.expiresInMs()).to.equal(Infinity);
    expect(expired).to.equal(0);
  });

  it('asks for another look when its mode has stood for its time, at the first sign of life and once', () => {
    gate.set({ kind: 'hold' }, 50);
    expect(gate.expiresInMs()).to.equal(50);
    gate.look(149);
    expect(expired).to.equal(0);
    gate.look(150);
    gate.look(10_000);
    expect(expired).to.equal(1);
  });

  it('keeps its mode while somebody looks', () => {
    gate.set({ kind: 'off', reason: 'flag_off' }, 50);
    gate.look(150);
    expect(gate.mode).to.deep.equal({ kind: 'off', reason: 'flag_off' });
    expect(gate.expiresInMs()).to.equal(Infinity);
  });

  it('counts from the time at which it was set last', () => {
    gate.set({ kind: 'hold' }, 50);
    nowMs = 140;
    gate.set({ kind: 'open' }, 50);
    gate.look(189);
    expect(expired).to.equal(0);
    nowMs = 180;
    expect(gate.expiresInMs()).to.equal(10);
    gate.look(190);
    expect(expired).to.equal(1);
  });

  it('may be set by whoever it asks, in that very moment', () => {
    const asking: Gate = new Gate({ ...systemClock, now: () => nowMs }, () => asking.set({ kind: 'open' }, 50));
    asking.set({ kind: 'hold' }, 0);
    asking.look(100);
    expect(asking.mode).to.deep.equal({ kind: 'open' });
    expect(asking.expiresInMs()).to.equal(50);
  });

  it('needs nobody who looks', () => {
    const alone = new Gate(systemClock);
    alone.set({ kind: 'hold' }, 0);
    alone.look(systemClock.now() + 1);
    expect(alone.mode.kind).to.equal('hold');
  });
});
