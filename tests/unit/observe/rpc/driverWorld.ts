import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import sinon from 'sinon';
import type { Statement } from '../../../../lib/model/Statement';
import { DRIVER_METHODS } from '../../../../lib/observe/connection/driverCompatibility';
import { ObservedDriver } from '../../../../lib/observe/rpc/ObservedDriver';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { OK, operationHandle, SESSION_ID, sessionHandle } from '../../.stubs/thriftAnswers';

export type Method = (typeof DRIVER_METHODS)[number];
type AnyRpc = (request: unknown) => Promise<unknown>;

/** A driver whose RPCs answer as a test says, and the same observed. */
export class DriverWorld {
  readonly connection = new ObservedConnection();
  readonly inner: sinon.SinonStubbedInstance<Record<Method, AnyRpc>>;
  readonly driver: Record<Method, AnyRpc>;

  constructor() {
    this.inner = Object.fromEntries(DRIVER_METHODS.map((name) => [name, sinon.stub()])) as never;
    const observed = new ObservedDriver(this.inner as unknown as IDriver, this.connection.observer);
    this.driver = observed as unknown as Record<Method, AnyRpc>;
  }

  /** A pending call of the application that the next such RPC belongs to. */
  expectCall(rpc: Method, text?: string): Statement {
    const statement = this.connection.start(SESSION_ID);
    const call = { sessionId: SESSION_ID, rpc, text, statement, transfer: undefined, isClaimed: false };
    this.connection.observer.calls.add(call);
    return statement;
  }

  /** A statement that is known by the handle of its operation. */
  async bound(): Promise<{ statement: Statement; handle: ReturnType<typeof operationHandle> }> {
    const [statement, handle] = [this.expectCall('getCatalogs'), operationHandle()];
    this.inner.getCatalogs.resolves({ status: OK, operationHandle: handle });
    await this.driver.getCatalogs({ sessionHandle: sessionHandle() });
    return { statement, handle };
  }
}
