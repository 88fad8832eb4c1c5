import type { IAuthentication } from '../../contracts/IClientContext';
import type { ConnectOptionsView } from './connectionInfo';

/** Where telemetry gets a connection's credentials, and when it may ask for them. */
export interface Credentials {
  readonly source: IAuthentication | undefined;
  /** Nothing may be asked for before the driver's first request: asking could be what makes somebody log in. */
  readonly afterFirstRequest: boolean;
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
 * `provider` is the driver's own; `observed` has what the newest request was sent with, where the wire seam is in use.
 */
export function credentialsOf(
  options: ConnectOptionsView,
  provider: IAuthentication | undefined,
  observed: IAuthentication | undefined,
): Credentials {
  if (isToken(options)) return { source: provider, afterFirstRequest: false };
  if (options.useKernel === true || observed === undefined) {
    return { source: isInteractive(options) ? undefined : provider, afterFirstRequest: false };
  }
  return { source: isInteractive(options) ? observed : (provider ?? observed), afterFirstRequest: true };
}
