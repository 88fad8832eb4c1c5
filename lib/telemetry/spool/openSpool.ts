import type { IClientContext } from '../../contracts/IClientContext';
import type { HostKey } from '../../model/connection';
import { isConfidential, isHttpUrl } from '../../model/endpoint';
import type { TelemetryConfiguration } from '../../model/options';
import type { Clock } from '../../util/clock';
import { debugLog } from '../../util/debugLog';
import { credentialsFor } from '../http/credentials';
import { IdentityGrouper } from '../http/identityGroups';
import { contextOrigin } from '../http/requestHeaders';
import type { RecordSpool, SpoolOwner } from '../pipeline/RecordSpool';
import { Spool } from './Spool';
import { SpoolDirectory } from './SpoolDirectory';
import { receiverName } from './spoolFileName';

/** What opens the spool that `config` asks for; undefined when it asks for none. No disk work before the first record. */
export function spoolOpener(
  context: IClientContext,
  host: HostKey,
  config: TelemetryConfiguration,
  userAgent: string,
  isRetryable: (thrown: unknown) => boolean,
  clock: Clock,
): ((owner: SpoolOwner) => RecordSpool) | undefined {
  const { endpoint, spoolDirectory, spoolMaxBytes, maxRecordAgeMs, dryRun } = config;
  if (spoolDirectory === '' || dryRun !== undefined) return undefined;
  const keepsLocal = endpoint !== undefined && isHttpUrl(endpoint) && isConfidential(endpoint);
  const own = contextOrigin(context, host, userAgent);
  return (owner) =>
    new Spool(
      new SpoolDirectory(spoolDirectory, receiverName(host, endpoint ?? ''), clock),
      new IdentityGrouper((record) => record.connection?.origin ?? own, credentialsFor(config), isRetryable, clock),
      { maxBytes: spoolMaxBytes, maxAgeMs: maxRecordAgeMs, keepsLocal },
      owner,
      (message) => debugLog(context, message),
      clock,
    );
}
