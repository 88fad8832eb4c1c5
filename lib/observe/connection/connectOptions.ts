import type { ConnectionOptions as DriverConnectionOptions } from '@databricks/sql/dist/contracts/IDBSQLClient';
import { overlaid } from '../../util/overlaid';
import type { TlsConnectOptions } from './tlsOptions';

/** The connection options of the newest driver, all optional: older drivers have fewer. */
export interface ConnectOptionsView extends TlsConnectOptions {
  readonly host: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly authType?: string | undefined;
  readonly oauthClientSecret?: string | undefined;
  readonly userAgentEntry?: string | undefined;
  /** Former name of `userAgentEntry`. */
  readonly clientId?: string | undefined;
  readonly socketTimeout?: number | undefined;
  readonly proxy?: { readonly host: string; readonly port: number } | undefined;
  readonly customHeaders?: Readonly<Record<string, string>> | undefined;
  readonly useKernel?: boolean | undefined;
}

/** What the application connects with, read with the eyes of the newest driver. */
export function viewOf(options: object): ConnectOptionsView {
  return options as ConnectOptionsView;
}

/** What a session says of the names that it starts with. */
interface InitialNames {
  readonly initialCatalog?: string;
  readonly initialSchema?: string;
}

/** Initial catalog and schema of a session, joined by `|`. */
export function databaseOf({ initialCatalog, initialSchema }: InitialNames = {}): string | undefined {
  const names = [initialCatalog, initialSchema].filter((name) => typeof name === 'string' && name !== '');
  return names.length === 0 ? undefined : names.join('|');
}

/** The application's options, with the telemetry of newer drivers switched off. */
export function withoutDriverTelemetry(options: object): DriverConnectionOptions {
  // Telemetry options apart, it is what the driver's own type says.
  return overlaid(options, { telemetryEnabled: false }) as object as DriverConnectionOptions;
}
