import type { VolumeTransfer } from './VolumeTransfer';

/** One session of an observed connection. */
export class SessionObservation {
  /** True from the application's call of `close()` on: what is closed now is closed by its session. */
  isClosing = false;

  /** Transfers of volumes that may be on their way; most sessions never have one. */
  private transfers: Set<VolumeTransfer> | undefined;

  constructor(readonly id: string) {}

  transferStarted(transfer: VolumeTransfer): void {
    this.transfers ??= new Set();
    this.transfers.add(transfer);
  }

  transferEnded(transfer: VolumeTransfer): void {
    this.transfers?.delete(transfer);
  }

  /** The transfer of the statement with this id. */
  transferOf(statementId: string): VolumeTransfer | undefined {
    for (const transfer of this.transfers ?? []) if (transfer.statementId === statementId) return transfer;
    return undefined;
  }
}
