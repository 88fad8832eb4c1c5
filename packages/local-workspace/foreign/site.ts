import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import {
  startConnectProxy,
  startLocalWorkspace,
  type ConnectProxy,
  type LocalWorkspace,
} from 'databricks-local-workspace';
import { createAuthority, type Identity } from '../lib/tls';
import { startGatewayProcess, type GatewayProcess } from './gateway';
import { SETUP } from './scenarios';
import type { Task } from './task';
import { TelemetryCheck } from './telemetry';

/** A name that drivers take for a workspace of a cloud; the certificate is valid for it. */
const CLOUD_HOST = 'local.cloud.databricks.com';
const SERVICE = { clientId: 'foreign', clientSecret: 'local-secret' };

/** How a driver reaches the workspace. */
export type Way = 'direct' | 'gateway';

/** `attached`: a workspace of its own, whose results come within the answers. */
type DoorName = Way | 'attached';

/** Where drivers find a workspace: it or a gateway, and a proxy that leads the name of a cloud there. */
interface Door {
  readonly workspace: LocalWorkspace;
  readonly port: number;
  readonly proxy: ConnectProxy;
}

/** What drivers meet: workspaces, a gateway in front of the one that makes files of results, and a collector. */
export class Site {
  private constructor(
    readonly folder: string,
    readonly telemetry: TelemetryCheck,
    private readonly gateway: GatewayProcess,
    private readonly doors: Readonly<Record<DoorName, Door>>,
    private readonly caFile: string,
  ) {}

  /** What is behind a door. */
  workspaceAt(door: DoorName): LocalWorkspace {
    return this.doors[door].workspace;
  }

  static async open(logs: string): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const authority = await createAuthority();
    const identity = await authority.issueServer();
    const caFile = file('ca.pem', authority.cert);
    const start = (name: string, thresholdBytes?: number): Promise<LocalWorkspace> =>
      startPrepared(join(folder, name), { ...identity, ca: authority.cert }, thresholdBytes);
    const workspace = await start('data', 0);
    const attached = await start('attached');
    const telemetry = await TelemetryCheck.start(join(folder, 'collector'));
    const gateway = await startGatewayProcess({
      upstream: `https://${workspace.host}:${workspace.port}`,
      caFile,
      certFile: file('cert.pem', identity.cert),
      keyFile: file('key.pem', identity.key),
      collector: telemetry.address,
      logFile: join(logs, 'gateway.log'),
    });
    const doors = {
      direct: await doorTo(workspace, workspace.port),
      gateway: await doorTo(workspace, gateway.port),
      attached: await doorTo(attached, attached.port),
    };
    return new Site(folder, telemetry, gateway, doors, caFile);
  }

  /** Where a program finds a workspace. */
  server(door: DoorName): Task['server'] {
    const { workspace, port, proxy } = this.doors[door];
    const { host, path, token } = workspace;
    return { host, port, path, token, ...SERVICE, caFile: this.caFile, proxyPort: proxy.port, cloudHost: CLOUD_HOST };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.telemetry.close();
    for (const { proxy } of Object.values(this.doors)) await proxy.close();
    await this.doors.direct.workspace.close();
    await this.doors.attached.workspace.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Files have an address of their own, to which the proxy leads as well. */
async function doorTo(workspace: LocalWorkspace, port: number): Promise<Door> {
  const proxy = await startConnectProxy({
    resolve: (host) => (host === CLOUD_HOST ? { host: '127.0.0.1', port } : undefined),
  });
  return { workspace, port, proxy };
}

async function startPrepared(
  dataDir: string,
  tls: Identity & { ca: string },
  thresholdBytes: number | undefined,
): Promise<LocalWorkspace> {
  const workspace = await startLocalWorkspace({
    dataDir,
    tls,
    tokens: [{ name: 'foreign', tokens: ['dapi-foreign'], ...SERVICE }],
    cloudFetch: { ...(thresholdBytes !== undefined && { thresholdBytes }), maxRowsPerFile: 50_000 },
  });
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
  const session = await client.openSession();
  for (const sql of SETUP) {
    const operation = await session.executeStatement(sql);
    // Closing ends what still runs.
    await operation.finished();
    await operation.close();
  }
  await session.close();
  await client.close();
  return workspace;
}
