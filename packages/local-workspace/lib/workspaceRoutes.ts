import type { TenantRegistry } from './auth/tenants';
import type { VolumeStore } from './engine/VolumeStore';
import type { Route } from './http/exchange';
import type { FaultScript } from './http/faults';
import { errorReply } from './http/reply';
import type { RouteName } from './http/routes';
import { resolveCloudFetch, type LocalWorkspaceOptions } from './options';
import type { FileStore } from './results/FileStore';
import { adminRoute } from './routes/admin';
import { cloudFetchRoute } from './routes/cloudFetch';
import { featureFlagRoute, type FlagState } from './routes/featureFlags';
import { oidcRoute, tokenRoute } from './routes/oauth';
import { seaRoute } from './routes/sea';
import { telemetryRoute } from './routes/telemetry';
import { thriftRoute } from './routes/thrift';
import { volumesRoute } from './routes/volumes';
import { SeaService, type SeaSettings } from './sea/SeaService';
import { ThriftService } from './thrift/ThriftService';

/** What the routes of a workspace answer from. */
interface RouteParts extends Pick<SeaSettings, 'database' | 'sessions' | 'received'> {
  readonly files: FileStore;
  readonly volumes: VolumeStore;
  readonly tenants: TenantRegistry;
  readonly faults: FaultScript;
  readonly flag: FlagState;
  readonly warehouseId: string;
  /** Host and port under which the workspace is asked. */
  readonly authorityName: () => string;
  readonly maxBodyBytes: number;
}

/** Who answers what. */
export function workspaceRoutes(options: LocalWorkspaceOptions, parts: RouteParts): Record<RouteName, Route> {
  const { database, sessions, received, files, volumes, tenants, faults, flag, warehouseId, authorityName } = parts;
  const shared: SeaSettings = {
    database,
    sessions,
    received,
    files,
    cloudFetch: resolveCloudFetch(options.cloudFetch),
    statementMs: options.limits?.statementMs,
    stagingFor: (origin) => volumes.commands(origin),
  };
  const service = new ThriftService({
    ...shared,
    asyncAfterMs: options.asyncAfterMs ?? 100,
    protocolLevel: options.protocolVersion ?? 8,
  });
  const telemetry = { received, gzip: options.telemetryGzip ?? false, maxBodyBytes: parts.maxBodyBytes };
  const notFound: Route = async () => errorReply(404, 'ENDPOINT_NOT_FOUND', 'No API found for this path');
  return {
    thrift: thriftRoute({ service, warehouseId, orgId: options.orgId, authority: authorityName }),
    sea: seaRoute({ service: new SeaService(shared), warehouseId, authority: authorityName }),
    cloudfetch: cloudFetchRoute(files),
    'feature-flags': featureFlagRoute(flag),
    'telemetry-ext': telemetryRoute({ ...telemetry, authenticated: true }),
    'telemetry-unauth': telemetryRoute({ ...telemetry, authenticated: false }),
    volumes: volumesRoute(volumes),
    oidc: oidcRoute(authorityName),
    'oauth-token': tokenRoute(tenants, options.oauthTokenTtlSeconds ?? 3600),
    admin:
      options.adminToken === undefined ? notFound : adminRoute({ token: options.adminToken, faults, received, flag }),
    unknown: notFound,
  };
}
