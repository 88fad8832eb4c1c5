import type { StatementObservation } from '../statement/StatementObservation';

/** One call of the application on its way to its RPC; without an observation it is not to be observed. */
export interface PendingCall {
  readonly sessionId: string;
  /** Method of the driver's `IDriver` that will carry it. */
  readonly rpc: string;
  readonly text: string | undefined;
  readonly observation: StatementObservation | undefined;
}

/**
 * Calls of the application on their way to their RPC. The driver does not carry a call's identity to the wire, so the
 * wire seam claims the oldest call of the same session, method and statement string; the string is compared, not read.
 */
export class PendingCalls {
  private readonly calls: PendingCall[] = [];

  add(call: PendingCall): void {
    this.calls.push(call);
  }

  claim(sessionId: string, rpc: string, text: string | undefined): StatementObservation | undefined {
    const { calls } = this;
    for (let index = 0; index < calls.length; index += 1) {
      const call = calls[index] as PendingCall;
      if (call.rpc !== rpc || call.sessionId !== sessionId || call.text !== text) continue;
      calls.splice(index, 1);
      return call.observation;
    }
    return undefined;
  }

  /** Forgets a call that ended without reaching the wire; nothing when it did. */
  remove(call: PendingCall): void {
    const index = this.calls.indexOf(call);
    if (index >= 0) this.calls.splice(index, 1);
  }
}
