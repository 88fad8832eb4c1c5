import { expect } from 'chai';
import sinon from 'sinon';
import { Adoption, type ObservedMethod } from '../../../lib/observe/adopt';

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
const passing: ObservedMethod<string> = (_state, call) => call();

describe('Adoption', () => {
  const seen = sinon.spy();
  const noting: ObservedMethod<string> = (state, call, args) => {
    seen(state, args);
    return call();
  };

  afterEach(() => seen.resetHistory());

  it('leaves the object the same, of its class, with every method and its state', async () => {
    const session = new Session();
    new Adoption({ execute: passing }).adopt(session, 'state');
    expect(session).to.be.instanceOf(Session);
    expect(session.id).to.equal('session-a');
    expect(await session.execute('x')).to.equal('x by session-a');
    expect(session.calls).to.equal(1);
    expect(Object.keys(session)).to.deep.equal(['label']);
    expect(session.constructor).to.equal(Session);
  });

  it('observes with the state of the object, whoever calls', async () => {
    const adoption = new Adoption({ execute: noting });
    const [first, second] = [new Session(), new Session()];
    adoption.adopt(first, 'first');
    adoption.adopt(second, 'second');
    await second.executeTwice('x');
    await first.execute('y', {});
    expect(seen.args).to.deep.equal([
      ['second', ['x']],
      ['second', ['x']],
      ['first', ['y', {}]],
    ]);
  });

  it('keeps the first state of an object that is adopted again', async () => {
    const adoption = new Adoption({ execute: noting });
    const session = new Session();
    adoption.adopt(session, 'first');
    adoption.adopt(session, 'second');
    await session.execute('x');
    expect(seen.args).to.deep.equal([['first', ['x']]]);
  });

  it("gives observed methods the name and length of the driver's", () => {
    const session = new Session();
    new Adoption({ execute: passing }).adopt(session, 'state');
    expect(session.execute).to.include({ name: 'execute', length: Session.prototype.execute.length });
  });

  it('touches neither the class nor its other objects', async () => {
    const original = Session.prototype.execute;
    new Adoption({ execute: noting }).adopt(new Session(), 'state');
    await new Session().execute('x');
    expect(Session.prototype.execute).to.equal(original);
    sinon.assert.notCalled(seen);
  });

  it('lets an application replace a method of one object', async () => {
    const session = new Session();
    new Adoption({ execute: noting }).adopt(session, 'state');
    session.execute = async () => 'of the application';
    expect(await session.execute('x')).to.equal('of the application');
  });

  it('leaves out what the class does not have', () => {
    const session = new Session();
    new Adoption({ unheardOf: passing, label: passing }).adopt(session, 'state');
    expect('unheardOf' in session).to.equal(false);
    expect(session.label).to.equal('a');
  });

  it('finds the state through a Proxy of the object', async () => {
    const session = new Session();
    new Adoption({ executeTwice: noting }).adopt(session, 'state');
    const proxy = new Proxy(session, {
      get: (target, name) => (name === 'execute' ? async () => 'through the proxy' : Reflect.get(target, name, target)),
    });
    expect(await proxy.executeTwice('x')).to.deep.equal(['through the proxy', 'through the proxy']);
    sinon.assert.calledOnceWithExactly(seen, 'state', ['x']);
  });

  it("runs the driver's own method for an object without state", async () => {
    const adopted = new Session();
    new Adoption({ execute: noting }).adopt(adopted, 'state');
    const stranger = new Session();
    const { execute } = adopted;
    expect(await execute.call(stranger, 'x')).to.equal('x by session-a');
    sinon.assert.notCalled(seen);
  });

  it('passes on what the driver throws, the same object', async () => {
    const session = new Session();
    new Adoption({ fail: passing }).adopt(session, 'state');
    expect(await session.fail().catch((thrown: unknown) => thrown)).to.equal(FAILURE);
  });

  it('refuses an object that cannot be changed, which stays as it was', async () => {
    const session = Object.freeze(new Session());
    expect(() => new Adoption({ execute: noting }).adopt(session, 'state')).to.throw(TypeError);
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
    const adoption = new Adoption({ execute: noting });
    const [plain, special] = [new Session(), new Special()];
    adoption.adopt(plain, 'plain');
    adoption.adopt(special, 'special');
    expect(await special.execute('x')).to.equal('special x');
    expect(await plain.execute('x')).to.equal('x by session-a');
    expect(special).to.be.instanceOf(Special);
  });
});
