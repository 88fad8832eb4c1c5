import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { guardedChannel, type GuardedChannel } from '../../../../lib/sinks/channels/guardedChannel';
import { runIn } from '../../../../lib/sinks/channels/TracingChannel';
import { runnersOf, type Runner } from '../../../../lib/util/runners';

const MESSAGE = Object.freeze({ of: 'a test' });
let count = 0;

describe('a call that a channel announces', () => {
  let guarded: GuardedChannel;
  let calls: number;
  const call = (): string => {
    calls += 1;
    return 'answer';
  };
  const failing = (): never => {
    calls += 1;
    throw new Error('of the driver');
  };

  beforeEach(() => {
    guarded = guardedChannel(`tracing-channel-${(count += 1)}`);
    calls = 0;
  });

  /** As who runs calls does. */
  function run(runner: Runner): void {
    runnersOf(guarded.channel).push(runner);
    guarded.channel.subscribe(() => undefined);
  }

  it('is run once by each of its runners, in their contexts and in the stores that are bound', () => {
    const [mine, theirs] = [new AsyncLocalStorage<unknown>(), new AsyncLocalStorage<unknown>()];
    guarded.channel.bindStore(theirs, (message) => message);
    for (const name of ['inner', 'outer']) {
      run((message, next) => mine.run([name, message, ...((mine.getStore() as unknown[] | undefined) ?? [])], next));
    }
    const seen = runIn(guarded, MESSAGE, () => [call(), mine.getStore(), theirs.getStore()]);
    expect(seen).to.deep.equal(['answer', ['inner', MESSAGE, 'outer', MESSAGE], MESSAGE]);
    expect(calls).to.equal(1);
  });

  const BROKEN: Readonly<Record<string, Runner>> = {
    'throws before the call': () => {
      throw new Error('of a runner');
    },
    'throws after the call': (_message, next) => {
      next();
      throw new Error('of a runner');
    },
  };
  for (const [how, runner] of Object.entries(BROKEN)) {
    it(`happens once and gives its own answer, or error, where a runner ${how}`, () => {
      run(runner);
      expect(runIn(guarded, MESSAGE, call)).to.equal('answer');
      expect(() => runIn(guarded, MESSAGE, failing)).to.throw('of the driver');
      expect(calls).to.equal(2);
    });
  }

  it('is run by nobody where nobody subscribes', () => {
    const runner: Runner = (_message, next) => next();
    let runs = 0;
    runnersOf(guarded.channel).push((message, next) => {
      runs += 1;
      return runner(message, next);
    });
    expect(runIn(guarded, MESSAGE, call)).to.equal('answer');
    expect([runs, calls]).to.deep.equal([0, 1]);
  });
});
