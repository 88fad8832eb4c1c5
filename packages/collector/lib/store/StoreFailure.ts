/** Why the store could not do what it was asked. Waiting helps with all but the last three. */
export type StoreFailureCode =
  'no_room' | 'not_writable' | 'reopening' | 'away' | 'elsewhere' | 'too_long' | 'abandoned';

/** The store cannot do it; nothing of what it holds is lost. The message is a sentence for whoever asked: no value is in it. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  constructor(
    readonly code: StoreFailureCode,
    message: string,
  ) {
    super(message);
  }
}
