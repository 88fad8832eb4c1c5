/* contracts/: the interfaces at which the parts meet, with each other and with an application's own. Import the model alone. */
import type IAuthentication from '@databricks/sql/dist/connection/contracts/IAuthentication';
import type IConnectionProvider from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import type IDBSQLLogger from '@databricks/sql/dist/contracts/IDBSQLLogger';
import type { ClientConfig as DriverClientConfig } from '@databricks/sql/dist/contracts/IClientContext';
import type { TelemetryOptions } from '../model/optionTable';

/** The driver's client configuration with every telemetry option of the option table. */
export type ClientConfig = DriverClientConfig & TelemetryOptions;

/**
 * What a telemetry component may ask of the client that owns it: the driver's own `IClientContext`, narrowed to what
 * telemetry needs. `DBSQLClient` implements it.
 */
export interface IClientContext {
  getConfig(): ClientConfig;
  getLogger(): IDBSQLLogger;
  getConnectionProvider(): Promise<IConnectionProvider>;
  /** The provider of the connection's credentials; undefined before `connect()` and after `close()`. */
  getAuthProvider(): IAuthentication | undefined;
}

export type { IAuthentication, IConnectionProvider, IDBSQLLogger };
