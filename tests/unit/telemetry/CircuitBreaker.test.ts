import { expect } from 'chai';
import sinon from 'sinon';
import {
  CircuitBreaker,
  CircuitBreakerOpenError,
  CircuitBreakerState,
  type BreakerPermit,
  type CircuitBreakerConfig,
} from '../../../lib/telemetry/CircuitBreaker';
import { CircuitBreakerRegistry } from '../../../lib/telemetry/CircuitBreakerRegistry';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';

const { CLOSED, OPEN, HALF_OPEN } = CircuitBreakerState;

describe('CircuitBreaker', () => {
  let clock: sinon.SinonFakeTimers;
  let context: ClientContextStub;
  let breaker: CircuitBreaker;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_700_000_000_000 });
    context = new ClientContextStub();
    breaker = breakerWith({});
  });
  afterEach(() => clock.restore());

  function breakerWith(config: Partial<CircuitBreakerConfig>, owner = context): CircuitBreaker {
    return new CircuitBreaker(owner, config, undefined, globalClock);
  }

  function take(from = breaker): BreakerPermit {
    const permit = from.tryAcquire();
    if (permit === undefined) throw new Error('the breaker lets nothing through');
    return permit;
  }
  function fail(times: number, from = breaker): void {
    for (let i = 0; i < times; i += 1) take(from).failure();
  }

  it('opens after five failures in a row and not before', () => {
    fail(4);
    expect(breaker.getState()).to.equal(CLOSED);
    fail(1);
    expect(breaker.getState()).to.equal(OPEN);
    expect(breaker.tryAcquire()).to.equal(undefined);
  });

  it('counts only failures in a row', () => {
    fail(4);
    take().success();
    fail(4);
    expect(breaker.getState()).to.equal(CLOSED);
  });

  it('does not count an attempt that says nothing, in either direction', () => {
    fail(4);
    take().release();
    expect(breaker.getState()).to.equal(CLOSED);
    fail(1);
    expect(breaker.getState()).to.equal(OPEN);
  });

  it('stays open for sixty seconds, then lets one probe through', () => {
    fail(5);
    expect(breaker.retryAfterMs()).to.equal(60_000);
    clock.tick(59_999);
    expect(breaker.tryAcquire()).to.equal(undefined);
    clock.tick(1);
    expect(breaker.retryAfterMs()).to.equal(0);
    take();
    expect(breaker.getState()).to.equal(HALF_OPEN);
    expect(breaker.tryAcquire()).to.equal(undefined);
  });

  it('stays open longer when the server asks for it, never shorter', () => {
    fail(4);
    take().failure(90_000);
    expect(breaker.retryAfterMs()).to.equal(90_000);
    clock.tick(90_000);
    take().failure(1000);
    expect(breaker.retryAfterMs()).to.equal(60_000);
  });

  it('is not moved by the wall clock', () => {
    fail(5);
    clock.setSystemTime(Date.now() + 3_600_000);
    expect(breaker.tryAcquire()).to.equal(undefined);
  });

  it('closes after two successful probes, one after the other', () => {
    fail(5);
    clock.tick(60_000);
    take().success();
    expect(breaker.getState()).to.equal(HALF_OPEN);
    const second = take();
    expect(breaker.tryAcquire()).to.equal(undefined);
    second.success();
    expect(breaker.getState()).to.equal(CLOSED);
    fail(4);
    expect(breaker.getState()).to.equal(CLOSED);
  });

  it('opens again on any failed probe', () => {
    fail(5);
    clock.tick(60_000);
    take().success();
    take().failure();
    expect(breaker.getState()).to.equal(OPEN);
    expect(breaker.retryAfterMs()).to.equal(60_000);
  });

  it('frees the place of a probe that says nothing and keeps its successes', () => {
    fail(5);
    clock.tick(60_000);
    take().success();
    take().release();
    expect(breaker.getState()).to.equal(HALF_OPEN);
    take().success();
    expect(breaker.getState()).to.equal(CLOSED);
  });

  it('ignores answers to attempts of an earlier state', () => {
    const late = [take(), take(), take(), take()];
    fail(5);
    late[0]?.success();
    expect(breaker.getState()).to.equal(OPEN);
    late[1]?.failure(500_000);
    expect(breaker.retryAfterMs()).to.equal(60_000);
    clock.tick(60_000);
    const probe = take();
    late[2]?.release();
    late[3]?.failure();
    expect(breaker.getState()).to.equal(HALF_OPEN);
    expect(breaker.tryAcquire()).to.equal(undefined);
    probe.success();
    take().success();
    expect(breaker.getState()).to.equal(CLOSED);
  });

  it('takes one answer for each attempt', () => {
    const permit = take();
    for (let i = 0; i < 5; i += 1) permit.failure();
    expect(breaker.getState()).to.equal(CLOSED);
  });

  it('takes its thresholds from the options of its context', () => {
    const options = { telemetryCircuitBreakerThreshold: 2, telemetryCircuitBreakerTimeout: 700 };
    const configured = breakerWith({}, new ClientContextStub(options));
    fail(2, configured);
    expect(configured.getState()).to.equal(OPEN);
    expect(configured.retryAfterMs()).to.equal(700);
  });

  it('prefers thresholds that it is given', () => {
    const config = { failureThreshold: 1, timeout: 20, successThreshold: 1 };
    const configured = breakerWith(config);
    fail(1, configured);
    clock.tick(20);
    take(configured).success();
    expect(configured.getState()).to.equal(CLOSED);
  });

  it('says each change of state once, for debugging', () => {
    fail(6 - 1);
    clock.tick(60_000);
    take().success();
    take().success();
    expect(context.lines.map((line) => line.replace(/^\w+ telemetry: circuit breaker /, ''))).to.deep.equal([
      'CLOSED -> OPEN',
      'OPEN -> HALF_OPEN',
      'HALF_OPEN -> CLOSED',
    ]);
  });

  describe('execute', () => {
    const boom = (): Promise<never> => Promise.reject(new Error('boom'));

    async function rejection(promise: Promise<unknown>): Promise<unknown> {
      return promise.then(
        () => undefined,
        (error: unknown) => error,
      );
    }

    it('gives the result of the operation and counts it as a success', async () => {
      fail(4);
      expect(await breaker.execute(async () => 7)).to.equal(7);
      fail(1);
      expect(breaker.getState()).to.equal(CLOSED);
    });

    it('passes a rejection on and counts it', async () => {
      for (let i = 0; i < 5; i += 1) expect(await rejection(breaker.execute(boom))).to.have.property('message', 'boom');
      expect(breaker.getState()).to.equal(OPEN);
    });

    it('rejects without running the operation while open', async () => {
      fail(5);
      const operation = sinon.spy(async () => 1);
      const error = await rejection(breaker.execute(operation));
      expect(error).to.be.instanceOf(CircuitBreakerOpenError);
      expect(error).to.have.property('code', 'CIRCUIT_BREAKER_OPEN');
      expect(error).to.have.property('name', 'CircuitBreakerOpenError');
      expect(operation.called).to.equal(false);
    });
  });

  describe('registry', () => {
    it('has one state for all spellings of a host, and one for each host', () => {
      const registry = new CircuitBreakerRegistry(context, new HostRegistry());
      fail(5, registry.get('h.example.com'));
      for (const spelling of ['H.Example.com', 'https://h.example.com/', 'h.example.com:443', 'h.example.com.']) {
        expect(registry.get(spelling).getState(), spelling).to.equal(OPEN);
      }
      expect(registry.get('h.example.com:8443').getState()).to.equal(CLOSED);
    });

    it('shares the state of a host with other registries of the process', () => {
      const hosts = new HostRegistry();
      fail(5, new CircuitBreakerRegistry(context, hosts).get('h'));
      expect(new CircuitBreakerRegistry(new ClientContextStub(), hosts).get('h').getState()).to.equal(OPEN);
      expect(new CircuitBreakerRegistry(context, new HostRegistry()).get('h').getState()).to.equal(CLOSED);
    });

    it('uses the registry of the process when it is given none', () => {
      const host = `default-${process.hrtime.bigint()}`;
      fail(5, new CircuitBreakerRegistry(context).get(host));
      expect(new CircuitBreakerRegistry(context).get(host).getState()).to.equal(OPEN);
    });
  });
});
