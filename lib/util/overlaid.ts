/** What an application gave as `options`, inherited members included, with `members` in the place of its own. */
export function overlaid<T extends object, Members extends object>(
  options: T,
  members: Members,
): Omit<T, keyof Members> & Members {
  const own = { ...options, ...members };
  if (Object.getPrototypeOf(options) === Object.prototype) return own;
  return Object.create(options, Object.getOwnPropertyDescriptors(own)) as typeof own;
}
