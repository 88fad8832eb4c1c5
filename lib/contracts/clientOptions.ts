import type {
  ClientOptions as DriverClientOptions,
  ConnectionOptions as DriverConnectionOptions,
  OpenSessionRequest as DriverOpenSessionRequest,
} from '@databricks/sql/dist/contracts/IDBSQLClient';
import type { TelemetryOptions } from '../model/options';
import type { ReceiverOptions } from './ReceiverOptions';

/** Newer drivers have some telemetry options of their own: ours stand in their place. */
type WithTelemetry<T> = T extends unknown
  ? Omit<T, keyof TelemetryOptions> & TelemetryOptions & ReceiverOptions
  : never;

/** The driver's client options, with telemetry options that hold for every connection of the client. */
export type ClientOptions = WithTelemetry<DriverClientOptions>;
/** The driver's connection options, with telemetry options that override the client's. */
export type ConnectionOptions = WithTelemetry<DriverConnectionOptions>;
/**
 * The driver's session request; `telemetryEnabled: false` keeps the session and all it does from Databricks,
 * `telemetryObserve: false` from everybody.
 */
export type OpenSessionRequest = DriverOpenSessionRequest & {
  telemetryEnabled?: boolean | undefined;
  telemetryObserve?: boolean | undefined;
};
