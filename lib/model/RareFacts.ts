import type { ErrorRecord } from '../telemetry/types';

/** Different causes that one statement keeps; further ones are counted together. */
const MAX_CAUSES = 8;
const OTHER = 'OTHER';

/** Facts that few statements have. Bounded. */
export class RareFacts {
  errors: ErrorRecord[] | undefined;
  volumeOperation: 'PUT' | 'GET' | 'DELETE' | undefined;
  volumeBytes: number | undefined;
  volumeTransferLatencyMs: number | undefined;
  closeLatencyMs: number | undefined;
  private causes: Map<string, number> | undefined;

  /** `503:2 ECONNRESET:1`, in the order in which they came up; undefined without retries. */
  get retryCauses(): string | undefined {
    if (this.causes === undefined) return undefined;
    return [...this.causes].map(([cause, count]) => `${cause}:${count}`).join(' ');
  }

  addRetryCause(cause: string): void {
    this.causes ??= new Map();
    const key = this.causes.has(cause) || this.causes.size < MAX_CAUSES ? cause : OTHER;
    this.causes.set(key, (this.causes.get(key) ?? 0) + 1);
  }
}
