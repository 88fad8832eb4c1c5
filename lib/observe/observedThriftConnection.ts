import type IRetryPolicy from '@databricks/sql/dist/connection/contracts/IRetryPolicy';
import { CountedRetryPolicy, type Attempts } from './CountedRetryPolicy';

/** What the driver's Thrift connection offers its subclasses and its client. */
interface ThriftConnection {
  write(data: Buffer, sequenceId: number): void;
  getRetryPolicy(thriftMethod?: string): Promise<IRetryPolicy<unknown>>;
}

/** Told that an RPC needed `retries` attempts beyond the first, and why; `request` is its message. Must not throw. */
export type OnRetries = (
  thriftMethod: string | undefined,
  request: Buffer,
  retries: number,
  causes: readonly string[] | undefined,
) => void;

function isThriftConnection(connection: unknown): connection is ThriftConnection {
  const candidate = connection as Partial<ThriftConnection> | null | undefined;
  return typeof candidate?.write === 'function' && typeof candidate.getRetryPolicy === 'function';
}

/**
 * The driver's Thrift connection with the retries of each RPC reported. The object inherits everything from the
 * driver's; one whose shape is not known is returned as it is.
 */
export function observeThriftConnection<C>(connection: C, onRetries: OnRetries): C {
  if (!isThriftConnection(connection)) return connection;
  const observed = Object.create(connection) as ThriftConnection & C;
  observed.write = function (this: ThriftConnection, data, sequenceId) {
    const request = Object.create(this) as ThriftConnection;
    request.getRetryPolicy = async (thriftMethod) => {
      const report = (_: unknown, { count, causes }: Attempts): void => {
        if (count > 1) onRetries(thriftMethod, data, count - 1, causes);
      };
      return new CountedRetryPolicy(await connection.getRetryPolicy(thriftMethod), {
        succeeded: report,
        failed: report,
      });
    };
    connection.write.call(request, data, sequenceId);
  };
  return observed;
}
