import { randomBytes } from 'node:crypto';
import { TenantRegistry } from './auth/tenants';
import { Database } from './engine/database';
import { VolumeFolder } from './engine/VolumeFolder';
import { VolumeStore } from './engine/VolumeStore';
import { Dispatcher } from './http/Dispatcher';
import { FaultScript, type FaultControl } from './http/faults';
import { errorReply } from './http/reply';
import { WorkspaceServer } from './http/WorkspaceServer';
import { resolveCloudFetch, type LocalWorkspaceOptions } from './options';
import { ReceivedStore } from './received/ReceivedStore';
import type { ReceivedLog } from './received/types';
import { FileStore } from './results/FileStore';
import { cloudFetchRoute } from './routes/cloudFetch';
import { adminRoute } from './routes/admin';
import { featureFlagRoute, type FlagState } from './routes/featureFlags';
import { oidcRoute, tokenRoute } from './routes/oauth';
import { seaRoute } from './routes/sea';
import { telemetryRoute } from './routes/telemetry';
import { thriftRoute } from './routes/thrift';
import { volumesRoute } from './routes/volumes';
import { SeaService, type SeaSettings } from './sea/SeaService';
import { seedDemo } from './seed';
import { SessionRegistry } from './service/SessionRegistry';
import { loadParser } from './sql/parserEngine';
import { initTranslator } from './sql/translate';
import { ThriftService } from './thrift/ThriftService';
import { StartError } from './StartError';
import { createAuthority, type Authority, type Identity } from './tls';
import { warmUp } from './warmUp';

export interface ConnectionSettings {
  host: string;
  port: number;
  path: string;
  token: string;
  customCaCert: string;
}

export interface KernelConnectionSettings extends Omit<ConnectionSettings, 'port'> {
  useKernel: true;
}

/** A running workspace. */
export interface LocalWorkspace {
  /** The name that a client should use; the certificate is valid for it. */
  readonly host: string;
  readonly port: number;
  /** PEM of the certificate authority. */
  readonly ca: string;
  /** `/sql/1.0/warehouses/<id>`, with `?o=<orgId>` if an organisation was given. */
  readonly path: string;
  readonly token: string;
  readonly warehouseId: string;
  /** What `client.connect()` of the driver takes. */
  readonly connectionOptions: ConnectionSettings;
  /** The same for the driver's kernel backend, which takes the port as a part of the host. */
  readonly kernelConnectionOptions: KernelConnectionSettings;
  /** Everything it received. */
  readonly received: ReceivedLog;
  /** What goes wrong, on request. */
  readonly faults: FaultControl;
  /** The live value of the telemetry flag; undefined leaves it out of the answer. */
  setFeatureFlag(value: boolean | string | undefined): void;
  /** A further token of a tenant (default: the first), valid for `ttlMs` or until revoked. Throws for an unknown name. */
  issueToken(options?: { tenant?: string; ttlMs?: number }): string;
  revokeToken(token: string): void;
  /** A certificate and key (PEM) that `mutualTls` accepts. */
  issueClientCertificate(commonName?: string): Promise<{ cert: string; key: string }>;
  /** Ends sessions and connections and frees the port. Idempotent. */
  close(): Promise<void>;
}

/** A workspace that accepts connections. Statements wait until it is ready, which is when they are as quick as later. */
export interface OpenWorkspace {
  readonly workspace: LocalWorkspace;
  /** Rejects with a sentence that says why it cannot. */
  readonly ready: Promise<void>;
}

/** Starts a workspace and resolves when it is ready. Rejects with a sentence that says why it cannot. */
export async function startLocalWorkspace(options: LocalWorkspaceOptions = {}): Promise<LocalWorkspace> {
  const { workspace, ready } = await openLocalWorkspace(options);
  try {
    await ready;
    return workspace;
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

/** Starts a workspace and resolves when it accepts connections. Rejects with a sentence that says why it cannot. */
export async function openLocalWorkspace(options: LocalWorkspaceOptions): Promise<OpenWorkspace> {
  const failed = (error: unknown): never => {
    throw new StartError(error, options);
  };
  const { workspace, ready } = await start(options).catch(failed);
  return { workspace, ready: ready.catch(failed) };
}

async function start(options: LocalWorkspaceOptions): Promise<OpenWorkspace> {
  const volumeFolder = new VolumeFolder(options.dataDir);
  const [{ authority, identity }, database] = await Promise.all([
    identities(options),
    Database.open(options.dataDir, options.limits?.memoryBytes, volumeFolder.root),
  ]);
  const volumes = new VolumeStore(volumeFolder);
  const ca = options.tls ? (options.tls.ca ?? options.tls.cert) : authority.cert;
  const warehouseId = options.warehouseId ?? randomBytes(8).toString('hex');
  const tenants = new TenantRegistry(options.tokens);
  const received = new ReceivedStore();
  const files = new FileStore();
  const faults = new FaultScript();
  const flag: FlagState = {
    value: options.featureFlagEnabled ?? true,
    ttlSeconds: options.featureFlagTtlSeconds ?? 900,
  };
  const sessions = new SessionRegistry({ database, received, files });
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
  const host = clientHost(options.host);
  const authorityName = (): string => `${host}:${server.port}`;
  const notFound = async (): Promise<ReturnType<typeof errorReply>> =>
    errorReply(404, 'ENDPOINT_NOT_FOUND', 'No API found for this path');
  const maxBodyBytes = options.maxBodyBytes ?? 64 * 1024 * 1024;
  const telemetry = { received, gzip: options.telemetryGzip ?? false, maxBodyBytes };
  const dispatcher: Dispatcher = new Dispatcher({
    tenants,
    faults,
    received,
    maxBodyBytes,
    log: options.log ?? ((): void => undefined),
    routes: {
      thrift: thriftRoute({
        service,
        warehouseId,
        orgId: options.orgId,
        authority: authorityName,
      }),
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
    },
    reset: (socket) => server.reset(socket),
    onDownload: (path, download) => files.recordDownload(path.slice('/cloudfetch/'.length), download),
  });
  const clientCa =
    typeof options.mutualTls === 'object' ? (options.mutualTls.clientCa ?? authority.cert) : authority.cert;
  const server: WorkspaceServer = new WorkspaceServer(
    {
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 0,
      tls: {
        cert: identity.cert,
        key: identity.key,
        ...(options.mutualTls ? { requestCert: true, rejectUnauthorized: true, ca: clientCa } : {}),
      },
    },
    dispatcher.handle,
  );
  try {
    await server.listen();
  } catch (error) {
    volumeFolder.close();
    database.close();
    throw error;
  }
  const path = `/sql/1.0/warehouses/${warehouseId}${options.orgId === undefined ? '' : `?o=${options.orgId}`}`;
  const token = tenants.firstToken;
  const ready = settled(database, options, volumes);
  let closing: Promise<void> | undefined;
  const workspace: LocalWorkspace = {
    host,
    port: server.port,
    ca,
    path,
    token,
    warehouseId,
    connectionOptions: { host, port: server.port, path, token, customCaCert: ca },
    kernelConnectionOptions: { host: authorityName(), path, token, customCaCert: ca, useKernel: true },
    received,
    faults: {
      add: (spec) => faults.add(spec),
      clear: () => faults.clear(),
      closeConnections: () => server.destroyConnections(),
      refuseConnections: () => server.stop(),
      acceptConnections: () => server.restart(),
    },
    setFeatureFlag: (value) => {
      flag.value = value;
    },
    issueToken: ({ tenant, ttlMs } = {}) => tenants.issueFor(tenant, ttlMs),
    revokeToken: (revoked) => tenants.revoke(revoked),
    issueClientCertificate: (commonName = 'client') => authority.issueClient(commonName),
    close: () =>
      (closing ??= (async () => {
        await server.stop();
        await ready.catch(() => undefined);
        sessions.closeAll();
        files.close();
        volumeFolder.close();
        database.close();
      })()),
  };
  return { workspace, ready };
}

/** Fills the database, which statements wait for, and takes the slowness of the first ones upon itself. */
async function settled(database: Database, options: LocalWorkspaceOptions, volumes: VolumeStore): Promise<void> {
  await database.prepare(async (connection) => {
    await Promise.all([loadParser(), ...(options.seed === 'demo' ? [seedDemo(connection)] : [])]);
  });
  await initTranslator();
  await warmUp(database, volumes.commands(''));
}

async function identities({ tls }: LocalWorkspaceOptions): Promise<{ authority: Authority; identity: Identity }> {
  const authority = await createAuthority();
  return { authority, identity: tls ?? (await authority.issueServer()) };
}

function clientHost(bound: string | undefined): string {
  return bound === undefined || bound === '127.0.0.1' || bound === '0.0.0.0' || bound === '::' ? 'localhost' : bound;
}
