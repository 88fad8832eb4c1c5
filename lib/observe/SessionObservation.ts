/** One session of an observed connection. */
export class SessionObservation {
  /** True from the application's call of `close()` on: what is closed now is closed by its session. */
  isClosing = false;

  constructor(readonly id: string) {}
}
