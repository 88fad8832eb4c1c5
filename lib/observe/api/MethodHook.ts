import { performance } from 'node:perf_hooks';

/** An asynchronous method of the driver. */
type AsyncMethod = (this: object, ...args: unknown[]) => Promise<unknown>;

/** What every observed object knows: where to go with what an observation fails with. */
export interface ObservedState {
  readonly observer: { swallowed(thrown: unknown): void };
}

/**
 * What is observed of a method. It gets monotonic times, and may throw: the application's call goes on all the same.
 * `Note` is what one call's beginning leaves for its end.
 */
export interface Watch<State, Note = void> {
  /** Whether a call belongs to another one that is observed already. */
  isPart?(state: State): boolean;
  began(state: State, nowMs: number, args: readonly unknown[]): Note;
  returned(state: State, nowMs: number, result: unknown, note: Note | undefined): void;
  threw(state: State, nowMs: number, thrown: unknown, note: Note | undefined): void;
}

/**
 * Gives objects of the driver observed methods without wrapping them: an object's prototype becomes one that inherits
 * from its own class and overrides some methods. It stays the same object, an `instanceof` its class, with every
 * method of the installed driver; calls from inside the driver are observed like the application's.
 */
export class Adoption<State extends ObservedState> {
  private readonly prototypes = new WeakMap<object, object>();
  private readonly key = Symbol('observation');

  /** `watches` by name of the method; one that the installed driver does not have is left out. */
  constructor(private readonly watches: Readonly<Record<string, Watch<State, unknown>>>) {}

  /** Starts to observe `target` with `state`; once observed, an object keeps its first state. */
  adopt(target: object, state: State): void {
    if (this.key in target) return;
    Object.defineProperty(target, this.key, { value: state });
    Object.setPrototypeOf(target, this.observedPrototype(target));
  }

  private observedPrototype(target: object): object {
    const own = Object.getPrototypeOf(target) as object;
    const known = this.prototypes.get(own);
    if (known !== undefined) return known;
    const observed = Object.create(own) as object;
    for (const [name, watch] of Object.entries(this.watches)) {
      const original: unknown = Reflect.get(own, name);
      if (typeof original !== 'function') continue;
      const value = this.observed(original as AsyncMethod, watch);
      Object.defineProperties(value, { name: { value: name }, length: { value: original.length } });
      Object.defineProperty(observed, name, { value, writable: true, configurable: true });
    }
    this.prototypes.set(own, observed);
    return observed;
  }

  /** The state is found also through a Proxy of the object; what has none gets the driver's own method. */
  private observed(original: AsyncMethod, watch: Watch<State, unknown>): AsyncMethod {
    const { key } = this;
    return function (this: object, ...args: unknown[]): Promise<unknown> {
      const state = (this as Record<symbol, State | undefined>)[key];
      if (state === undefined || watch.isPart?.(state) === true) return original.apply(this, args);
      return watched(watch, state, args, original, this);
    };
  }
}

/**
 * One observed call. Its promise is derived with `then` and not by an `async` function: that would be a frame in the
 * stacks of the driver's errors, and three more turns of the microtask queue.
 */
function watched<State extends ObservedState, Note>(
  watch: Watch<State, Note>,
  state: State,
  args: readonly unknown[],
  original: AsyncMethod,
  target: object,
): Promise<unknown> {
  let note: Note | undefined;
  try {
    note = watch.began(state, performance.now(), args);
  } catch (thrown) {
    state.observer.swallowed(thrown);
  }
  return original.apply(target, args as unknown[]).then(
    (result) => {
      try {
        watch.returned(state, performance.now(), result, note);
      } catch (thrown) {
        state.observer.swallowed(thrown);
      }
      return result;
    },
    (failure: unknown) => {
      try {
        watch.threw(state, performance.now(), failure, note);
      } catch (thrown) {
        state.observer.swallowed(thrown);
      }
      throw failure;
    },
  );
}
