import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import { expect } from 'chai';
import { guardedChannel, throwWhatSubscribersThrew } from '../../../../lib/sinks/channels/guardedChannel';

let count = 0;
const fresh = (): string => `guarded-channel-${(count += 1)}`;
const broken = (): never => {
  throw new Error('broken subscriber');
};
/** What the process would have died of in the meantime. */
async function uncaughtIn(work: () => void): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const note = (thrown: unknown): void => void uncaught.push(thrown);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  try {
    work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('uncaughtException');
    process.removeListener('unhandledRejection', note);
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return uncaught;
}

describe('guardedChannel', () => {
  it('delivers to whoever subscribed through the name, and counts them', () => {
    const name = fresh();
    const guarded = guardedChannel(name);
    const seen: unknown[] = [];
    const subscriber = (message: unknown, from: string | symbol): void => void seen.push([message, from]);
    expect(guarded.listeners).to.equal(0);
    diagnostics.subscribe(name, subscriber);
    expect(guarded.listeners).to.equal(1);
    guarded.channel.publish('one');
    expect(diagnostics.unsubscribe(name, subscriber)).to.equal(true);
    expect(diagnostics.unsubscribe(name, subscriber)).to.equal(false);
    guarded.channel.publish('two');
    expect(seen).to.deep.equal([['one', name]]);
    expect(guarded.listeners).to.equal(0);
    expect(guarded.channel.hasSubscribers).to.equal(false);
  });

  it('keeps what a subscriber throws from the process, and the others get their message', async () => {
    const name = fresh();
    const { channel } = guardedChannel(name);
    const seen: unknown[] = [];
    diagnostics.subscribe(name, broken);
    diagnostics.subscribe(name, (message) => void seen.push(message));
    expect(await uncaughtIn(() => channel.publish('one'))).to.deep.equal([]);
    expect(seen).to.deep.equal(['one']);
    expect(throwWhatSubscribersThrew).to.throw('broken subscriber');
    expect(throwWhatSubscribersThrew).not.to.throw();
  });

  it('keeps what an asynchronous subscriber rejects with from the process', async () => {
    const name = fresh();
    const { channel } = guardedChannel(name);
    diagnostics.subscribe(name, (async () => broken()) as () => void);
    expect(await uncaughtIn(() => channel.publish('one'))).to.deep.equal([]);
    expect(throwWhatSubscribersThrew).to.throw('broken subscriber');
  });

  it('does so for those who subscribed before it was made', async () => {
    const name = fresh();
    diagnostics.subscribe(name, broken);
    const guarded = guardedChannel(name);
    expect(guarded.listeners).to.equal(1);
    expect(await uncaughtIn(() => guarded.channel.publish('one'))).to.deep.equal([]);
    expect(diagnostics.unsubscribe(name, broken)).to.equal(true);
    expect(guarded.listeners).to.equal(0);
  });

  it('does so for stores that were bound before it was made', async () => {
    const name = fresh();
    const store = new AsyncLocalStorage<unknown>();
    const early = diagnostics.channel(name);
    early.bindStore(store, (message) => message);
    early.bindStore(new AsyncLocalStorage<unknown>(), broken);
    const guarded = guardedChannel(name);
    expect(guarded.listeners).to.equal(2);
    let seen: unknown;
    const uncaught = await uncaughtIn(() => {
      seen = guarded.channel.runStores({ id: 1 }, () => store.getStore());
    });
    expect([seen, uncaught]).to.deep.equal([{ id: 1 }, []]);
    early.unbindStore(store);
    expect(guarded.listeners).to.equal(1);
  });

  it('runs a call in the stores that are bound to it, also when one of them cannot say what with', async () => {
    const name = fresh();
    const guarded = guardedChannel(name);
    const store = new AsyncLocalStorage<unknown>();
    guarded.channel.bindStore(store, (message) => ({ message }));
    guarded.channel.bindStore(new AsyncLocalStorage<unknown>(), broken);
    expect(guarded.listeners).to.equal(2);
    let seen: unknown;
    const uncaught = await uncaughtIn(() => {
      seen = guarded.channel.runStores('one', () => store.getStore());
    });
    expect(seen).to.deep.equal({ message: 'one' });
    expect(uncaught).to.deep.equal([]);
    guarded.channel.unbindStore(store);
    expect(guarded.listeners).to.equal(1);
  });

  it('is one for a name, however often it is asked for', () => {
    const name = fresh();
    expect(guardedChannel(name)).to.equal(guardedChannel(name));
    const tracing = diagnostics.tracingChannel<object>(name);
    const start = guardedChannel(`tracing:${name}:start`);
    tracing.subscribe({ start: broken, end: broken, asyncStart: broken, asyncEnd: broken, error: broken });
    expect(start.listeners).to.equal(1);
  });

  it('refuses what is no function, as Node.js does', () => {
    const name = fresh();
    const guarded = guardedChannel(name);
    expect(() => diagnostics.subscribe(name, 'text' as never)).to.throw(TypeError);
    expect(guarded.listeners).to.equal(0);
  });
});
