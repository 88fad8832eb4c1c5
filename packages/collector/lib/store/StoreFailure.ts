/** Why the store could not do what it was asked, where waiting helps. */
export type StoreFailureCode = 'no_room' | 'not_writable' | 'reopening';

/** The store cannot do it now; nothing of what it holds is lost, and later it can. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  constructor(
    readonly code: StoreFailureCode,
    message: string,
  ) {
    super(message);
  }
}
