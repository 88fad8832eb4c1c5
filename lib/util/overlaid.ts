/** What an application gave as `options`, inherited members included, with `members` in the place of its own. */
export function overlaid<T extends object, Members extends object>(
  options: T,
  members: Members,
): Omit<T, keyof Members> & Members {
  const own = { ...options, ...members };
  if (Object.getPrototypeOf(options) === Object.prototype) return own;
  const overlay = Object.create(options, Object.getOwnPropertyDescriptors(own)) as typeof own;
  // An accessor of a class may read private fields, which its own object alone has.
  return new Proxy<typeof own>(overlay, {
    get: (target, key): unknown => Reflect.get(Object.hasOwn(target, key) ? target : options, key),
  });
}
