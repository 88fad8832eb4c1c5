/** An asynchronous method of the driver. */
type AsyncMethod = (this: object, ...args: unknown[]) => Promise<unknown>;

/** Runs the driver's own method through `call` and observes it with the object's `state`. */
export type ObservedMethod<State> = (
  state: State,
  call: () => Promise<unknown>,
  args: readonly unknown[],
) => Promise<unknown>;

/**
 * Gives objects of the driver observed methods without wrapping them: an object's prototype becomes one that inherits
 * from its own class and overrides some methods. It stays the same object, an `instanceof` its class, with every
 * method of the installed driver; calls from inside the driver are observed like the application's.
 */
export class Adoption<State> {
  private readonly prototypes = new WeakMap<object, object>();
  private readonly key = Symbol('observation');

  /** `methods` by name; one that the installed driver does not have is left out. */
  constructor(private readonly methods: Readonly<Record<string, ObservedMethod<State>>>) {}

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
    for (const [name, observe] of Object.entries(this.methods)) {
      const original: unknown = Reflect.get(own, name);
      if (typeof original !== 'function') continue;
      const value = this.observed(original as AsyncMethod, observe);
      Object.defineProperties(value, { name: { value: name }, length: { value: original.length } });
      Object.defineProperty(observed, name, { value, writable: true, configurable: true });
    }
    this.prototypes.set(own, observed);
    return observed;
  }

  /** The state is found also through a Proxy of the object; what has none gets the driver's own method. */
  private observed(original: AsyncMethod, observe: ObservedMethod<State>): AsyncMethod {
    const { key } = this;
    return function (this: object, ...args: unknown[]): Promise<unknown> {
      const state = (this as Record<symbol, State | undefined>)[key];
      return state === undefined ? original.apply(this, args) : observe(state, () => original.apply(this, args), args);
    };
  }
}
