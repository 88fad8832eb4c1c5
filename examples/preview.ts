/*
 * What does telemetry send about me? This shows the exact requests and makes none of them.
 *
 *   npm run preview
 *
 * Runs `databricks-sql-telemetry preview` against a workspace on this machine, or against yours when DATABRICKS_HOST,
 * DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN are set: then the queries go there, and still nothing of telemetry does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalWorkspace } from 'databricks-local-workspace';

async function preview(env: NodeJS.ProcessEnv): Promise<void> {
  const library = path.dirname(require.resolve('databricks-sql-telemetry/package.json'));
  const isSource = path.extname(__filename) === '.ts';
  const program = isSource
    ? [...process.execArgv, path.join(library, 'lib/cli.ts')]
    : [path.join(library, 'dist/cli.js')];
  const child = spawn(process.execPath, [...program, 'preview'], { env: { ...process.env, ...env }, stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
}

async function previewHere(): Promise<void> {
  const workspace = await startLocalWorkspace();
  const folder = mkdtempSync(path.join(tmpdir(), 'preview-'));
  try {
    const ca = path.join(folder, 'ca.pem');
    writeFileSync(ca, workspace.ca);
    const { host, port, path: httpPath, token } = workspace;
    await preview({
      DATABRICKS_SERVER_HOSTNAME: host,
      DATABRICKS_PORT: `${port}`,
      DATABRICKS_HTTP_PATH: httpPath,
      DATABRICKS_TOKEN: token,
      NODE_EXTRA_CA_CERTS: ca,
    });
    const made = workspace.received.requests().filter(({ route }) => route !== 'thrift').length;
    process.stdout.write(`Requests of telemetry that were made: ${made}\n`);
  } finally {
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const { DATABRICKS_HOST: host, DATABRICKS_HTTP_PATH: httpPath, DATABRICKS_TOKEN: token } = process.env;
void (host !== undefined && httpPath !== undefined && token !== undefined ? preview({}) : previewHere());
