import type { IClientContext } from '../../contracts/IClientContext';
import { driverUserAgent } from '../../observe/connection/driverPackage';
import { toPlainHeaders } from '../../util/plainHeaders';
import { splitHostKey } from '../../model/host';
import type { HostKey } from '../../model/host';
import { resolveConfiguration } from '../../model/options';
import type { RecordOrigin } from '../types';

/** The origin of what no connection stands behind: the credentials, agent and settings of `context` itself. */
export function contextOrigin(context: IClientContext, host: HostKey): RecordOrigin {
  const config = context.getConfig();
  const extra = config as { userAgentEntry?: string; customHeaders?: Record<string, string> };
  return {
    host,
    ...splitHostKey(host),
    authenticated: resolveConfiguration(config).authenticatedExport,
    userAgent: driverUserAgent(extra.userAgentEntry),
    headers: { ...extra.customHeaders },
    tls: {},
    authenticate: async () => toPlainHeaders(await context.getAuthProvider()?.authenticate()),
    getAgent: async () => (await context.getConnectionProvider()).getAgent(),
  };
}
