import { expect } from 'chai';
import sinon from 'sinon';
import { ExitFlush } from '../../../lib/observe/connection/exitFlush';
import { FlushSchedule } from '../../../lib/telemetry/pipeline/FlushSchedule';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { TelemetryClient } from '../../../lib/telemetry/TelemetryClient';
import { unattended } from '../../../lib/util/unattended';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { globalClock } from '../.stubs/globalClock';
import { uncaught } from '../.stubs/uncaught';

function broken(): never {
  throw new RangeError('broken');
}

describe('work that nobody waits for', () => {
  it('ends where it is when it throws or rejects, in one line without its text', async () => {
    const context = new ClientContextStub();
    const seen = await uncaught(() => {
      unattended(broken, context);
      unattended(async () => broken(), context);
      unattended(broken);
      unattended(async () => broken());
    });
    expect(seen).to.deep.equal([]);
    expect(context.lines).to.deep.equal([
      'debug telemetry: swallowed RangeError',
      'debug telemetry: swallowed RangeError',
    ]);
  });

  it('of the flush timer and of the flush at once does not reach the process', () => {
    const clock = sinon.useFakeTimers();
    const schedule = new FlushSchedule(100, globalClock, broken);
    try {
      schedule.flushWithinInterval();
      expect(() => clock.tick(100)).to.not.throw();
      schedule.flushAtOnce();
      expect(() => clock.tick(0)).to.not.throw();
      schedule.wakeAfter(10);
      expect(() => clock.tick(10)).to.not.throw();
      expect(schedule.isArmed).to.equal(false);
    } finally {
      clock.restore();
    }
  });

  it('of the feature flag does not reach the process', async () => {
    const context = new ClientContextStub();
    const client = new TelemetryClient(context, 'localhost:1', new HostRegistry());
    context.getConfig = broken;
    expect(await uncaught(() => client.attach(undefined))).to.deep.equal([]);
    expect(context.lines).to.deep.equal(['debug telemetry: swallowed RangeError']);
  });

  it('at the end of the process does not reach it', async () => {
    const exit = new ExitFlush(process);
    const senders = [{ flush: async () => broken() }, { flush: broken }];
    for (const sender of senders) exit.add(sender);
    expect(await uncaught(() => void process.emit('beforeExit', 0))).to.deep.equal([]);
    expect(senders).to.have.length(2);
  });
});
