import type { Statement } from '../../model/Statement';
import type { VolumeTransfer } from './VolumeTransfer';

/** One call of the application on its way to its RPC; without a statement it is not to be observed. */
export interface PendingCall {
  readonly sessionId: string;
  /** Method of the driver's `IDriver` that will carry it. */
  readonly rpc: string;
  readonly text: string | undefined;
  readonly statement: Statement | undefined;
  /** A call that allows a local path may turn out to transfer a file. */
  readonly transfer: VolumeTransfer | undefined;
  /** Its RPC was seen. */
  isClaimed: boolean;
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

  /** The statement of the call that an RPC carries; undefined for one that is not to be observed. */
  claim(sessionId: string, rpc: string, text: string | undefined): Statement | undefined {
    const { calls } = this;
    for (let index = 0; index < calls.length; index += 1) {
      const call = calls[index];
      if (call?.rpc !== rpc || call.sessionId !== sessionId || call.text !== text) continue;
      if (index === 0) calls.shift();
      else calls.splice(index, 1);
      call.isClaimed = true;
      return call.statement;
    }
    return undefined;
  }

  /** Forgets a call that ended without reaching the wire; nothing when it did. */
  remove(call: PendingCall): void {
    if (call.isClaimed) return;
    const index = this.calls.indexOf(call);
    if (index >= 0) this.calls.splice(index, 1);
  }
}
