import { randomBytes } from 'node:crypto';
import { TenantRegistry } from './auth/tenants';
import { Database } from './engine/database';
import { VolumeFolder } from './engine/VolumeFolder';
import { VolumeStore } from './engine/VolumeStore';
import { Dispatcher } from './http/Dispatcher';
import { FaultScript, type FaultControl } from './http/faults';
import { WorkspaceServer } from './http/WorkspaceServer';
import type { LocalWorkspaceOptions } from './options';
import { ReceivedStore } from './received/ReceivedStore';
import type { ReceivedLog } from './received/types';
import { FileStore } from './results/FileStore';
import type { FlagState } from './routes/featureFlags';
import { seedDemo } from './seed';
import { SessionRegistry } from './service/SessionRegistry';
import { loadParser } from './sql/parserEngine';
import { initTranslator } from './sql/translate';
import { StartError } from './StartError';
import { createAuthority, type Authority, type Identity } from './tls';
import { warmUp } from './warmUp';
import { workspaceRoutes } from './workspaceRoutes';

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
  const [database, { authority, identity }] = await Promise.all([
    Database.open(options.dataDir, options.limits?.memoryBytes, volumeFolder.root),
    identities(options),
  ]);
  const volumes = new VolumeStore(volumeFolder);
  const warehouseId = options.warehouseId ?? randomBytes(8).toString('hex');
  const tenants = new TenantRegistry(options.tokens);
  const received = new ReceivedStore();
  const files = new FileStore();
  const faults = new FaultScript();
  const flag = flagOf(options);
  const sessions = new SessionRegistry({ database, received, files, sessionIdleMs: options.sessionIdleMs });
  const host = clientHost(options.host);
  const authorityName = (): string => `${host}:${server.port}`;
  const maxBodyBytes = options.maxBodyBytes ?? 64 * 1024 * 1024;
  const state = { database, sessions, received, files, volumes, tenants, faults, flag };
  const dispatcher: Dispatcher = new Dispatcher({
    tenants,
    faults,
    received,
    maxBodyBytes,
    log: options.log ?? ((): void => undefined),
    routes: workspaceRoutes(options, { ...state, warehouseId, authorityName, maxBodyBytes }),
    reset: (socket) => server.reset(socket),
    onDownload: (path, download) => files.recordDownload(path.slice('/cloudfetch/'.length), download),
  });
  const server: WorkspaceServer = new WorkspaceServer(
    { host: options.host ?? '127.0.0.1', port: options.port ?? 0, tls: serverTls(options, authority, identity) },
    dispatcher.handle,
  );
  const closeStores = (): void => {
    volumeFolder.close();
    database.close();
  };
  try {
    await server.listen();
  } catch (error) {
    closeStores();
    throw error;
  }
  const ready = settled(database, options, volumes);
  const close = async (): Promise<void> => {
    await server.stop();
    await ready.catch(() => undefined);
    sessions.closeAll();
    files.close();
    closeStores();
  };
  const ca = options.tls ? (options.tls.ca ?? options.tls.cert) : authority.cert;
  const path = `/sql/1.0/warehouses/${warehouseId}${options.orgId === undefined ? '' : `?o=${options.orgId}`}`;
  const running = { host, ca, path, warehouseId, tenants, received, faults, flag, authority, server, close };
  return { workspace: handleOf(running), ready };
}

interface Running extends Pick<LocalWorkspace, 'host' | 'ca' | 'path' | 'warehouseId' | 'received' | 'close'> {
  readonly tenants: TenantRegistry;
  readonly faults: FaultScript;
  readonly flag: FlagState;
  readonly authority: Authority;
  readonly server: WorkspaceServer;
}

/** What the caller of `startLocalWorkspace` gets. */
function handleOf(running: Running): LocalWorkspace {
  const { host, ca, path, warehouseId, tenants, received, faults, flag, authority, server } = running;
  const token = tenants.firstToken;
  let closing: Promise<void> | undefined;
  return {
    host,
    port: server.port,
    ca,
    path,
    token,
    warehouseId,
    received,
    connectionOptions: { host, port: server.port, path, token, customCaCert: ca },
    kernelConnectionOptions: { host: `${host}:${server.port}`, path, token, customCaCert: ca, useKernel: true },
    faults: faultControl(faults, server),
    setFeatureFlag: (value) => {
      flag.value = value;
    },
    issueToken: ({ tenant, ttlMs } = {}) => tenants.issueFor(tenant, ttlMs),
    revokeToken: (revoked) => tenants.revoke(revoked),
    issueClientCertificate: (commonName = 'client') => authority.issueClient(commonName),
    close: () => (closing ??= running.close()),
  };
}

function flagOf({ featureFlagEnabled = true, featureFlagTtlSeconds = 900 }: LocalWorkspaceOptions): FlagState {
  return { value: featureFlagEnabled, ttlSeconds: featureFlagTtlSeconds };
}

function serverTls({ mutualTls }: LocalWorkspaceOptions, authority: Authority, { cert, key }: Identity) {
  if (!mutualTls) return { cert, key };
  const ca = typeof mutualTls === 'object' ? (mutualTls.clientCa ?? authority.cert) : authority.cert;
  return { cert, key, requestCert: true, rejectUnauthorized: true, ca };
}

function faultControl(faults: FaultScript, server: WorkspaceServer): FaultControl {
  return {
    add: (spec) => faults.add(spec),
    clear: () => faults.clear(),
    closeConnections: () => server.destroyConnections(),
    refuseConnections: () => server.stop(),
    acceptConnections: () => server.restart(),
  };
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
