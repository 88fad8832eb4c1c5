import type { RecordOrigin } from '../../model/connection';
import type { TelemetryConfiguration } from '../../model/options';
import { SHOWN_CREDENTIALS } from './dryRun';
import { tokenHeaders } from './requestHeaders';

/**
 * The credentials of each origin, or headers that are the same for all: then no origin is asked for any and no header of
 * a connection is used.
 */
export type CredentialSource =
  Readonly<Record<string, string>> | ((origin: RecordOrigin) => Promise<Record<string, string> | undefined>);

/** What requests to the receiver of `configuration` carry; a dry run shows that there would be some. */
export function credentialsFor({
  endpoint,
  endpointToken,
  dryRun,
}: Pick<TelemetryConfiguration, 'endpoint' | 'endpointToken' | 'dryRun'>): CredentialSource {
  if (dryRun === undefined) {
    return endpoint === undefined ? (origin) => origin.authenticate() : tokenHeaders(endpointToken);
  }
  if (endpoint === undefined) return async () => SHOWN_CREDENTIALS;
  return endpointToken === undefined ? {} : SHOWN_CREDENTIALS;
}
