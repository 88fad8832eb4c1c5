import { auth } from '@databricks/sql';
import type DriverContext from '@databricks/sql/dist/contracts/IClientContext';
import type { ConnectionOptions } from '../../contracts/clientOptions';
import type { IAuthentication } from '../../contracts/IClientContext';
import type { SeenHeaders } from '../rpc/observeConnectionProvider';
import type { ConnectOptionsView } from './connectOptions';

/** Where telemetry gets a connection's credentials, and when it may ask for them. */
export interface Credentials {
  readonly source: IAuthentication | undefined;
  /** Nothing may be asked for before the driver's first request: asking could be what makes somebody log in. */
  readonly afterFirstRequest: Promise<void> | undefined;
}

/** What `connect()` was told to authenticate with: an old driver does not show what it makes of that. */
export function authenticationIn(options: ConnectionOptions, context: DriverContext): IAuthentication | undefined {
  switch (options.authType) {
    case 'custom':
      return options.provider;
    case undefined:
    case 'access-token':
      return new auth.PlainHttpAuthentication({ username: 'token', password: options.token, context });
    default:
      return undefined;
  }
}

/** A token in the options costs nothing to present. */
function isToken(options: ConnectOptionsView): boolean {
  return options.authType === undefined || options.authType === 'access-token';
}

/** Login in a browser: whenever its token has run out, asking opens a window. */
function isInteractive(options: ConnectOptionsView): boolean {
  return options.authType === 'databricks-oauth' && options.oauthClientSecret === undefined;
}

/**
 * Credentials that telemetry can use without making the driver's authentication do what the queries have not made it do.
 * `provider` is the driver's own; `seeHeaders` has what requests are sent with seen from now on, where the wire seam is in
 * use.
 */
export function credentialsOf(
  options: ConnectOptionsView,
  provider: IAuthentication | undefined,
  seeHeaders: () => SeenHeaders | undefined,
): Credentials {
  if (isToken(options)) return { source: provider, afterFirstRequest: undefined };
  const seen = options.useKernel === true ? undefined : seeHeaders();
  if (seen === undefined)
    return { source: isInteractive(options) ? undefined : provider, afterFirstRequest: undefined };
  const { authentication, firstRequest } = seen;
  const source = isInteractive(options) ? authentication : (provider ?? authentication);
  return { source, afterFirstRequest: firstRequest };
}
