import { expect } from 'chai';
import sinon from 'sinon';
import { HookedMethods, type HookState, type MethodHook } from '../../../../lib/observe/api/MethodHook';

/** As a class of the driver: private state, a getter, methods that call each other. */
class Session {
  #calls = 0;
  label = 'a';

  get id(): string {
    return `session-${this.label}`;
  }

  async execute(text: string, _options?: object): Promise<string> {
    this.#calls += 1;
    return `${text} by ${this.id}`;
  }

  async executeTwice(text: string): Promise<string[]> {
    return [await this.execute(text), await this.execute(text)];
  }

  async fail(): Promise<never> {
    throw FAILURE;
  }

  get calls(): number {
    return this.#calls;
  }
}

const FAILURE = new Error('of the driver');
interface State extends HookState {
  readonly name: string;
}
const passing: MethodHook<State> = { before: () => undefined, after: () => undefined, onError: () => undefined };

describe('HookedMethods', () => {
  const seen = sinon.spy();
  const swallowed = sinon.spy();
  const noting: MethodHook<State> = { ...passing, before: ({ name }, args) => seen(name, args) };
  const stateOf = (name: string): State => ({ name, observer: { swallowed } });

  afterEach(() => {
    seen.resetHistory();
    swallowed.resetHistory();
  });

  it('leaves the object the same, of its class, with every method and its state', async () => {
    const session = new Session();
    new HookedMethods({ execute: passing }).install(session, stateOf('state'));
    expect(session).to.be.instanceOf(Session);
    expect(session.id).to.equal('session-a');
    expect(await session.execute('x')).to.equal('x by session-a');
    expect(session.calls).to.equal(1);
    expect(Object.keys(session)).to.deep.equal(['label']);
    expect(session.constructor).to.equal(Session);
  });

  it('observes with the state of the object, whoever calls', async () => {
    const hooks = new HookedMethods({ execute: noting });
    const [first, second] = [new Session(), new Session()];
    hooks.install(first, stateOf('first'));
    hooks.install(second, stateOf('second'));
    await second.executeTwice('x');
    await first.execute('y', {});
    expect(seen.args).to.deep.equal([
      ['second', ['x']],
      ['second', ['x']],
      ['first', ['y', {}]],
    ]);
  });

  it('goes on with the newest state of an object that is hooked again', async () => {
    const hooks = new HookedMethods({ execute: noting });
    const session = new Session();
    hooks.install(session, stateOf('first'));
    await session.execute('x');
    hooks.install(session, stateOf('second'));
    await session.execute('y');
    expect(seen.args).to.deep.equal([
      ['first', ['x']],
      ['second', ['y']],
    ]);
  });

  it("gives observed methods the name and length of the driver's", () => {
    const session = new Session();
    new HookedMethods({ execute: passing }).install(session, stateOf('state'));
    expect(session.execute).to.include({ name: 'execute', length: Session.prototype.execute.length });
  });

  it('touches neither the class nor its other objects', async () => {
    const original = Session.prototype.execute;
    new HookedMethods({ execute: noting }).install(new Session(), stateOf('state'));
    await new Session().execute('x');
    expect(Session.prototype.execute).to.equal(original);
    sinon.assert.notCalled(seen);
  });

  it('lets an application replace a method of one object', async () => {
    const session = new Session();
    new HookedMethods({ execute: noting }).install(session, stateOf('state'));
    session.execute = async () => 'of the application';
    expect(await session.execute('x')).to.equal('of the application');
  });

  it('leaves out what the class does not have', () => {
    const session = new Session();
    new HookedMethods({ unheardOf: passing, label: passing }).install(session, stateOf('state'));
    expect('unheardOf' in session).to.equal(false);
    expect(session.label).to.equal('a');
  });

  it('finds the state through a Proxy of the object', async () => {
    const session = new Session();
    new HookedMethods({ executeTwice: noting }).install(session, stateOf('state'));
    const proxy = new Proxy(session, {
      get: (target, name) => (name === 'execute' ? async () => 'through the proxy' : Reflect.get(target, name, target)),
    });
    expect(await proxy.executeTwice('x')).to.deep.equal(['through the proxy', 'through the proxy']);
    sinon.assert.calledOnceWithExactly(seen, 'state', ['x']);
  });

  it("runs the driver's own method for an object without state", async () => {
    const hooked = new Session();
    new HookedMethods({ execute: noting }).install(hooked, stateOf('state'));
    const stranger = new Session();
    const { execute } = hooked;
    expect(await execute.call(stranger, 'x')).to.equal('x by session-a');
    sinon.assert.notCalled(seen);
  });

  it('passes on what the driver throws, the same object', async () => {
    const session = new Session();
    new HookedMethods({ fail: passing }).install(session, stateOf('state'));
    expect(await session.fail().catch((thrown: unknown) => thrown)).to.equal(FAILURE);
  });

  it('refuses an object that cannot be changed, which stays as it was', async () => {
    const session = Object.freeze(new Session());
    expect(() => new HookedMethods({ execute: noting }).install(session, stateOf('state'))).to.throw(TypeError);
    expect(Object.getPrototypeOf(session)).to.equal(Session.prototype);
    expect(await session.execute('x')).to.equal('x by session-a');
    sinon.assert.notCalled(seen);
  });

  it('observes objects of a subclass with the methods of the subclass', async () => {
    class Special extends Session {
      override async execute(text: string): Promise<string> {
        return `special ${text}`;
      }
    }
    const hooks = new HookedMethods({ execute: noting });
    const [plain, special] = [new Session(), new Special()];
    hooks.install(plain, stateOf('plain'));
    hooks.install(special, stateOf('special'));
    expect(await special.execute('x')).to.equal('special x');
    expect(await plain.execute('x')).to.equal('x by session-a');
    expect(special).to.be.instanceOf(Special);
  });

  describe('watches a call', () => {
    const hook = {
      before: sinon.stub().returns('note'),
      after: sinon.stub(),
      onError: sinon.stub(),
    };
    let session: Session;

    beforeEach(() => {
      for (const stub of Object.values(hook)) stub.reset();
      hook.before.returns('note');
      session = new Session();
      new HookedMethods<State>({ execute: hook, fail: hook }).install(session, stateOf('state'));
    });

    it('from its beginning to its result, in order, with what the beginning noted', async () => {
      const result = await session.execute('x');
      sinon.assert.calledOnceWithExactly(hook.before, sinon.match({ name: 'state' }), ['x']);
      sinon.assert.calledOnceWithExactly(hook.after, sinon.match({ name: 'state' }), result, 'note');
      sinon.assert.callOrder(hook.before, hook.after);
      sinon.assert.notCalled(hook.onError);
    });

    it('to its failure', async () => {
      await session.fail().catch(() => undefined);
      sinon.assert.calledOnceWithExactly(hook.onError, sinon.match.object, FAILURE, 'note');
      sinon.assert.notCalled(hook.after);
    });

    it('before the application hears of its result', async () => {
      const order: string[] = [];
      hook.after.callsFake(() => order.push('hook'));
      await session.execute('x').then(() => order.push('application'));
      expect(order).to.deep.equal(['hook', 'application']);
    });

    it('and lets it go on, whatever the hook throws', async () => {
      for (const stub of Object.values(hook)) stub.throws(new Error('of the hook'));
      expect(await session.execute('x')).to.equal('x by session-a');
      expect(await session.fail().catch((thrown: unknown) => thrown)).to.equal(FAILURE);
      sinon.assert.callCount(swallowed, 4);
    });

    it('unless it is part of another one', async () => {
      const part = { ...hook, isPart: () => true };
      const other = new Session();
      new HookedMethods<State>({ execute: part }).install(other, stateOf('state'));
      await other.execute('x');
      sinon.assert.notCalled(hook.before);
    });

    it('of a statement that has ended for its failure alone', async () => {
      const ended = new Session();
      const state = { ...stateOf('ended'), statement: { outcome: 'delivered' } };
      new HookedMethods<State>({ execute: hook, fail: hook }).install(ended, state);
      expect(await ended.execute('x')).to.equal('x by session-a');
      expect(await ended.fail().catch((thrown: unknown) => thrown)).to.equal(FAILURE);
      sinon.assert.notCalled(hook.before);
      sinon.assert.notCalled(hook.after);
      sinon.assert.calledOnceWithExactly(hook.onError, state, FAILURE, undefined);
    });

    it('without a frame in the stack of its failure', async () => {
      class Thrower {
        async fail(): Promise<void> {
          await Promise.resolve();
          throw new Error('with a stack');
        }
      }
      const stackOf = async (thrower: Thrower): Promise<string | undefined> => {
        try {
          await thrower.fail();
        } catch (thrown) {
          return (thrown as Error).stack;
        }
        return undefined;
      };
      const [plain, observed] = [new Thrower(), new Thrower()];
      new HookedMethods<State>({ fail: hook }).install(observed, stateOf('state'));
      const [expected, found] = [await stackOf(plain), await stackOf(observed)];
      expect(found?.replace(/:\d+:\d+/g, '')).to.equal(expected?.replace(/:\d+:\d+/g, ''));
    });
  });
});
