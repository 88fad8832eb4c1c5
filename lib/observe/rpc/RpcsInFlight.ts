import type { StatementObservation } from '../statement/StatementObservation';

/** One RPC on its way, for a statement. */
export interface RpcInFlight {
  /** Thrift name of the method, e.g. `GetOperationStatus`. */
  readonly thriftMethod: string;
  /** GUID that the request carries: of the operation, or of the session where there is no operation yet. */
  readonly guid: Buffer;
  readonly observation: StatementObservation;
}

/** The RPCs on their way, so that a retry below them can be told to its statement. */
export class RpcsInFlight {
  private readonly rpcs = new Set<RpcInFlight>();

  add(rpc: RpcInFlight): void {
    this.rpcs.add(rpc);
  }

  remove(rpc: RpcInFlight): void {
    this.rpcs.delete(rpc);
  }

  /** An RPC is tried again: it counts for the statement whose GUID is in the message, for nobody when that is not clear. */
  retried(thriftMethod: string | undefined, request: Buffer, cause: string): void {
    const statements = new Set<StatementObservation>();
    for (const rpc of this.rpcs) {
      if (rpc.thriftMethod === thriftMethod && request.includes(rpc.guid)) statements.add(rpc.observation);
    }
    if (statements.size === 1) for (const observation of statements) observation.retried(1, [cause]);
  }
}
