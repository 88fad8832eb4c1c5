import { expect } from 'chai';
import { customDestination, type Destination } from '../../../../lib/telemetry/http/destination';
import { BatchBuffer, type EncodedLog } from '../../../../lib/telemetry/http/BatchBuffer';
import { IdentityGroup } from '../../../../lib/telemetry/http/identityGroups';
import { LogSender } from '../../../../lib/telemetry/http/LogSender';
import { Slots } from '../../../../lib/telemetry/hosts/HostRegistry';
import { RECEIVER_SLOT } from '../../../../lib/telemetry/http/ReceiverState';
import { TransferLog } from '../../../../lib/telemetry/http/TransferLog';
import type { HttpOutcome, Transport } from '../../../../lib/telemetry/http/transport';
import type { CircuitBreaker } from '../../../../lib/telemetry/CircuitBreaker';
import { CircuitBreakerState } from '../../../../lib/telemetry/CircuitBreaker';
import { resolveConfiguration, type TelemetryOptions } from '../../../../lib/model/options';
import type { Clock } from '../../../../lib/util/clock';
import { CircuitBreakerStub } from '../../.stubs/CircuitBreakerStub';
import { globalClock } from '../../.stubs/globalClock';
import { originTo } from '../../.stubs/origins';
import { connectionRecord } from '../../.stubs/telemetryRecords';

const answered = (status: number): HttpOutcome => ({
  kind: 'response',
  status,
  retryAfter: undefined,
  body: undefined,
});

/** A sender whose pauses take no time and are kept, with its receiver's answers. */
class SenderWorld {
  readonly pausesMs: number[] = [];
  readonly breaker = new CircuitBreakerStub();
  requests = 0;
  random = 0.999;

  constructor(private readonly answers: HttpOutcome[]) {}

  async send(options: TelemetryOptions = {}): ReturnType<LogSender['send']> {
    const clock: Clock = {
      ...globalClock,
      random: () => this.random,
      setTimeout: (work, ms) => {
        this.pausesMs.push(ms);
        return globalClock.setTimeout(work, 0);
      },
    };
    const transport: Transport = async () => {
      this.requests += 1;
      return this.answers.shift() ?? answered(200);
    };
    const sender = new LogSender(
      customDestination('http://collector.test/logs') as Destination,
      new Slots().get(RECEIVER_SLOT),
      this.breaker as unknown as CircuitBreaker,
      resolveConfiguration(options),
      new TransferLog(),
      transport,
      clock,
    );
    const group = new IdentityGroup('authenticated', originTo({ port: 1, ca: '' }, 'T'), {}, undefined);
    return sender.send(logs(), group, new AbortController().signal);
  }
}

function logs(): readonly EncodedLog[] {
  const buffer = new BatchBuffer(1000);
  buffer.add(connectionRecord(), '"{}"');
  return buffer.logs;
}

describe('LogSender', () => {
  const BACKOFF = { telemetryBackoffBaseMs: 100, telemetryBackoffMaxMs: 250, telemetryMaxRetries: 4 };

  it('pauses before a retry up to a bound that doubles, and never beyond the largest', async () => {
    const world = new SenderWorld([503, 503, 503, 503].map(answered));
    expect((await world.send(BACKOFF)).kind).to.equal('delivered');
    expect(world.pausesMs.map(Math.round)).to.deep.equal([100, 200, 250, 250]);
  });

  it('pauses for a random part of that', async () => {
    const world = new SenderWorld([answered(503)]);
    world.random = 0.25;
    await world.send(BACKOFF);
    expect(world.pausesMs).to.deep.equal([25]);
  });

  it('asks the breaker for each attempt, and tells it what became of it', async () => {
    const world = new SenderWorld([answered(503), answered(200)]);
    await world.send(BACKOFF);
    expect(world.breaker.ends).to.deep.equal(['failure', 'success']);
  });

  it('tells the breaker nothing of what says nothing about the host', async () => {
    const world = new SenderWorld([answered(400)]);
    expect((await world.send(BACKOFF)).kind).to.equal('rejected');
    expect(world.breaker.ends).to.deep.equal(['release']);
  });

  it('makes no request while the breaker is open, and holds the logs for as long as it says', async () => {
    const world = new SenderWorld([]);
    world.breaker.state = CircuitBreakerState.OPEN;
    expect(await world.send(BACKOFF)).to.include({ kind: 'held', retryAfterMs: 1000 });
    expect(world.requests).to.equal(0);
  });
});
