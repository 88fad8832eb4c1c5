import type { CallRunner } from '../../contracts/CallRunner';

/** What a method of the driver returns; what a test of the application has put in its place may return nothing. */
export type Running = Promise<unknown> | undefined;

/** An asynchronous method of the driver. */
type AsyncMethod = (this: object, ...args: unknown[]) => Running;

/** What every hooked object knows. */
export interface HookState {
  readonly observer: {
    swallowed(thrown: unknown): void;
    readonly audience?: { readonly runner: CallRunner | undefined };
  };
  /** When it has ended, its calls are watched for errors alone. */
  readonly statement?: { readonly outcome: unknown } | undefined;
}

/** One call of the driver's method. */
export interface MethodCall {
  readonly args: readonly unknown[];
  readonly invoke: (args: readonly unknown[]) => Running;
}

/**
 * What is observed of a method. A hook may throw: the application's call goes on all the same. `Note` is what one call's
 * beginning leaves for its end.
 */
export interface MethodHook<State, Note = void> {
  /** Whether a call belongs to another one that is observed already. */
  isPart?(state: State): boolean;
  before?(state: State, args: readonly unknown[]): Note;
  /** Of later calls on a statement: whether this one may send requests. */
  mayRequest?(state: State): boolean;
  /**
   * Has `runner` run the driver's method, which is `call`; a later call on a statement only while somebody wants to know of it.
   * Without it the method just runs.
   */
  run?(this: void, state: State, runner: CallRunner, call: MethodCall, note: Note | undefined): Running;
  after?(state: State, result: unknown, note: Note | undefined): void;
  onError?(state: State, thrown: unknown, note: Note | undefined): void;
}

/**
 * Hooks on methods of the driver's objects, without wrapping these: an object's prototype becomes one that inherits from
 * its own class and overrides some methods. It stays the same object, an `instanceof` its class, with every method of the
 * installed driver; calls from inside the driver are observed like the application's.
 */
export class HookedMethods<State extends HookState> {
  private readonly prototypes = new WeakMap<object, object>();
  private readonly key = Symbol('observation');

  /** `hooks` by name of the method; one that the installed driver does not have is left out. */
  constructor(private readonly hooks: Readonly<Record<string, MethodHook<State, unknown>>>) {}

  /** Observes `target` with `state`, and with another one after that from the next call on. */
  install(target: object, state: State): void {
    const isHooked = this.key in target;
    Object.defineProperty(target, this.key, { value: state, configurable: true });
    if (isHooked) return;
    const own = Object.getPrototypeOf(target) as object;
    Object.setPrototypeOf(target, this.prototypes.get(own) ?? this.hookedPrototype(own));
  }

  private hookedPrototype(own: object): object {
    const hooked = Object.create(own) as object;
    for (const [name, hook] of Object.entries(this.hooks)) {
      const original: unknown = Reflect.get(own, name);
      if (typeof original !== 'function') continue;
      const value = hookedMethod(own as Readonly<Record<string, AsyncMethod>>, name, hook, this.key);
      Object.defineProperties(value, { name: { value: name }, length: { value: original.length } });
      Object.defineProperty(hooked, name, { value, writable: true, configurable: true });
    }
    this.prototypes.set(own, hooked);
    return hooked;
  }
}

/**
 * The method `name` of `own` with its hook. The state is found also through a Proxy of the object; what has none gets the
 * driver's own method. That is looked for at each call: tests and tools of an application may put another in its place.
 *
 * The promise is derived with `then` and not by an `async` function: that would be a frame in the stacks of the driver's
 * errors, and three more turns of the microtask queue.
 */
function hookedMethod<State extends HookState, Name extends string>(
  own: Readonly<Record<Name, AsyncMethod>>,
  name: Name,
  hook: MethodHook<State, unknown>,
  key: symbol,
): AsyncMethod {
  // eslint-disable-next-line complexity -- spelt out: a helper would be a call more for each call of the driver
  return function (this: object, ...args: unknown[]): Running {
    const state = (this as Record<symbol, State | undefined>)[key];
    // As the driver's own would, it throws where somebody has taken the method away.
    const original = own[name];
    if (state === undefined || hook.isPart?.(state) === true) return original.apply(this, args);
    const { observer } = state;
    const runner = observer.audience?.runner;
    let note: unknown;
    const onError = (failure: unknown): never => {
      try {
        hook.onError?.(state, failure, note);
      } catch (thrown) {
        observer.swallowed(thrown);
      }
      throw failure;
    };
    const isOver = state.statement !== undefined && state.statement.outcome !== undefined;
    if (!isOver && hook.before !== undefined) {
      try {
        note = hook.before(state, args);
      } catch (thrown) {
        observer.swallowed(thrown);
      }
    }
    const onResult = (result: unknown): unknown => {
      try {
        hook.after?.(state, result, note);
      } catch (thrown) {
        observer.swallowed(thrown);
      }
      return result;
    };
    const running =
      runner !== undefined &&
      hook.run !== undefined &&
      (hook.mayRequest === undefined || (runner.later.listeners > 0 && hook.mayRequest(state)))
        ? hook.run(state, runner, { args, invoke: (given) => original.apply(this, given as unknown[]) }, note)
        : original.apply(this, args);
    if (typeof running?.then === 'function') return running.then(isOver ? undefined : onResult, onError);
    if (!isOver) onResult(running);
    return running;
  };
}
