import type { IClientContext } from '../../contracts/IClientContext';
import { contextOrigin } from '../http/contextOrigin';
import { debugLog } from '../../util/debugLog';
import type { HostKey } from '../../model/host';
import { IdentityGrouper } from '../http/identityGroups';
import type { TelemetryConfiguration } from '../../model/options';
import { Spool } from './Spool';
import { SpoolDirectory } from './SpoolDirectory';
import { receiverName } from './spoolFileName';
import type { SpoolOwner } from './SpoolOwner';

/** What opens the spool that `config` asks for; undefined when it asks for none. No disk work before the first record. */
export function spoolOpener(
  context: IClientContext,
  host: HostKey,
  config: TelemetryConfiguration,
): ((owner: SpoolOwner) => Spool) | undefined {
  const { endpoint, spoolDirectory, spoolMaxBytes, maxRecordAgeMs, dryRun } = config;
  if (spoolDirectory === '' || dryRun !== '') return undefined;
  const own = contextOrigin(context, host);
  return (owner) =>
    new Spool(
      new SpoolDirectory(spoolDirectory, receiverName(host, endpoint)),
      new IdentityGrouper((record) => record.connection?.origin ?? own, endpoint === ''),
      { maxBytes: spoolMaxBytes, maxAgeMs: maxRecordAgeMs },
      owner,
      (message) => debugLog(context, message),
    );
}
