import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import { RetryWatch } from './RetryWatch';

/** What the driver's Thrift connection offers its subclasses and its client. */
interface ThriftConnection {
  write(data: Buffer, sequenceId: number): void;
  getRetryPolicy(thriftMethod?: string): Promise<IRetryPolicy<unknown>>;
}

/** Told that an RPC is tried once more, and why; `request` is its message. Must not throw. */
export type OnRpcRetry = (thriftMethod: string | undefined, request: Buffer, cause: string) => void;

/** A connection that asks for no policies must not make messages pile up. */
const MAX_WRITTEN = 1024;

function isThriftConnection(connection: unknown): connection is ThriftConnection {
  const candidate = connection as Partial<ThriftConnection> | null | undefined;
  return typeof candidate?.write === 'function' && typeof candidate.getRetryPolicy === 'function';
}

/**
 * The driver's Thrift connection with the retries of each RPC reported. The object inherits everything from the
 * driver's; one whose shape is not known is returned as it is.
 *
 * The connection asks for one policy for each message, in the order in which they were written. (An object for each
 * message, which would know its own, costs a request twenty times as much: the engine has to make a class for it.)
 */
export function observeThriftConnection<C>(connection: C, onRetry: OnRpcRetry): C {
  if (!isThriftConnection(connection)) return connection;
  const written: Buffer[] = [];
  const observed = Object.create(connection) as ThriftConnection & C;
  observed.write = function (this: ThriftConnection, data, sequenceId) {
    if (written.length >= MAX_WRITTEN) written.length = 0;
    written.push(data);
    connection.write.call(this, data, sequenceId);
  };
  observed.getRetryPolicy = async (thriftMethod) => {
    const request = written.shift();
    const policy = await connection.getRetryPolicy(thriftMethod);
    if (request === undefined) return policy;
    return new RetryWatch(policy, (cause) => onRetry(thriftMethod, request, cause));
  };
  return observed;
}
