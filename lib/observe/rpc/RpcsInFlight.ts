import type { Statement } from '../../model/Statement';
import type { Audience } from '../connection/Audience';
import type { Attempts } from '../statement/PendingDownloads';
import { retried } from '../statement/progress';

/** One RPC on its way that the driver may repeat, for a statement. */
export interface RpcInFlight {
  /** Thrift name of the method, e.g. `GetOperationStatus`. */
  readonly thriftMethod: string;
  /** GUID that the request carries: of the operation, or of the session where there is no operation yet. */
  readonly guid: Buffer;
  readonly statement: Statement;
}

/** The RPCs on their way that the driver may repeat, so that a retry below them is counted for its statement. */
export class RpcsInFlight {
  private readonly rpcs = new Set<RpcInFlight>();

  constructor(private readonly audience: Audience) {}

  /** Returns what says that it is over. */
  add(rpc: RpcInFlight): () => void {
    this.rpcs.add(rpc);
    return () => this.rpcs.delete(rpc);
  }

  /**
   * An RPC took more than one attempt: they count for the statement whose GUID is in its message, for nobody when that is
   * not clear. `request` is the message; undefined where no attempt was answered.
   */
  repeated(request: Buffer | undefined, { count, causes }: Attempts): void {
    const statements = new Set<Statement>();
    for (const { thriftMethod, guid, statement } of this.rpcs) {
      const isIt = request === undefined || (request.includes(thriftMethod) && request.includes(guid));
      if (isIt) statements.add(statement);
    }
    const [statement] = statements;
    if (statement === undefined || statements.size > 1) return;
    retried(statement, count - 1, causes);
    this.audience.receivers?.retried(statement, count - 1, causes);
  }
}
