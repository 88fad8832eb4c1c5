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

/** What drivers meet: a workspace, a gateway in front of it, a collector, and a proxy for each way to the name of a cloud. */
export class Site {
  private constructor(
    readonly folder: string,
    readonly workspace: LocalWorkspace,
    readonly telemetry: TelemetryCheck,
    private readonly gateway: GatewayProcess,
    private readonly proxies: Readonly<Record<Way, ConnectProxy>>,
    private readonly caFile: string,
  ) {}

  static async open(logs: string): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const authority = await createAuthority();
    const identity = await authority.issueServer();
    const caFile = file('ca.pem', authority.cert);
    const workspace = await startPrepared(join(folder, 'data'), { ...identity, ca: authority.cert });
    const telemetry = await TelemetryCheck.start(join(folder, 'collector'));
    const gateway = await startGatewayProcess({
      upstream: `https://${workspace.host}:${workspace.port}`,
      caFile,
      certFile: file('cert.pem', identity.cert),
      keyFile: file('key.pem', identity.key),
      collector: telemetry.address,
      logFile: join(logs, 'gateway.log'),
    });
    const proxies = { direct: await cloudProxy(workspace.port), gateway: await cloudProxy(gateway.port) };
    return new Site(folder, workspace, telemetry, gateway, proxies, caFile);
  }

  /** Where a program finds the workspace on this way. */
  server(way: Way): Task['server'] {
    const { host, path, token } = this.workspace;
    return {
      host,
      port: way === 'direct' ? this.workspace.port : this.gateway.port,
      path,
      token,
      ...SERVICE,
      caFile: this.caFile,
      proxyPort: this.proxies[way].port,
      cloudHost: CLOUD_HOST,
    };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.telemetry.close();
    for (const proxy of Object.values(this.proxies)) await proxy.close();
    await this.workspace.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Files have an address of their own, to which it leads as well. */
function cloudProxy(port: number): Promise<ConnectProxy> {
  return startConnectProxy({
    resolve: (host) => (host === CLOUD_HOST ? { host: '127.0.0.1', port } : undefined),
  });
}

async function startPrepared(dataDir: string, tls: Identity & { ca: string }): Promise<LocalWorkspace> {
  const workspace = await startLocalWorkspace({
    dataDir,
    tls,
    tokens: [{ name: 'foreign', tokens: ['dapi-foreign'], ...SERVICE }],
    // Every result that may come as files does, and a large one as several.
    cloudFetch: { thresholdBytes: 1, maxRowsPerFile: 50_000 },
  });
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
  const session = await client.openSession();
  for (const sql of SETUP) await (await session.executeStatement(sql)).close();
  await session.close();
  await client.close();
  return workspace;
}
