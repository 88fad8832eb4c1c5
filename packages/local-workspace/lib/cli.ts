#!/usr/bin/env node
import './compileCache';
import { Command, InvalidArgumentError } from 'commander';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalWorkspaceOptions } from './options';
import { openLocalWorkspace, type LocalWorkspace } from './workspace';

interface Flags {
  port?: number;
  host?: string;
  data?: string;
  seed?: 'demo' | 'none';
  token?: string;
  tlsCert?: string;
  tlsKey?: string;
  adminToken?: string;
  verbose?: boolean;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('Not a port number.');
  return port;
}

function seedName(text: string): 'demo' | 'none' {
  if (text !== 'demo' && text !== 'none') throw new InvalidArgumentError("Either 'demo' or 'none'.");
  return text;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`The file ${file} cannot be read.`, { cause: error });
  }
}

function optionsOf(flags: Flags): LocalWorkspaceOptions {
  if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined)) {
    throw new InvalidArgumentError('--tls-cert and --tls-key belong together.');
  }
  return {
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.data === undefined ? {} : { dataDir: flags.data }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.token === undefined ? {} : { tokens: [flags.token] }),
    ...(flags.adminToken === undefined ? {} : { adminToken: flags.adminToken }),
    ...(flags.tlsCert !== undefined && flags.tlsKey !== undefined
      ? { tls: { cert: readPem(flags.tlsCert), key: readPem(flags.tlsKey) } }
      : {}),
    ...(flags.verbose ? { log: (line: string) => console.error(line) } : {}),
  };
}

function settings(workspace: LocalWorkspace, caFile: string): string {
  const { host, port, path, token } = workspace;
  return `Local workspace ready at https://${host}:${port}

const client = new DBSQLClient();
await client.connect({
  host: '${host}',
  port: ${port},
  path: '${path}',
  token: '${token}',
  customCaCert: require('node:fs').readFileSync('${caFile}', 'utf8'),
});

export DATABRICKS_SERVER_HOSTNAME=${host}
export DATABRICKS_PORT=${port}
export DATABRICKS_HTTP_PATH='${path}'
export DATABRICKS_TOKEN=${token}
export NODE_EXTRA_CA_CERTS=${caFile}

Ctrl-C to stop.`;
}

async function serve(flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const { workspace, ready } = await openLocalWorkspace(options);
  const folder = mkdtempSync(join(tmpdir(), 'local-workspace-ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, workspace.ca);
  console.log(settings(workspace, caFile));
  const close = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    await workspace.close();
  };
  const stop = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await ready.catch(async (error: unknown) => {
    await close();
    throw error;
  });
}

const { version: VERSION } = require('../package.json') as { version: string };

const program = new Command('databricks-local-workspace')
  .version(VERSION)
  .description('A Databricks-compatible SQL workspace on this machine.')
  .option('--port <number>', 'port to listen on (default: any free one)', portNumber)
  .option('--host <address>', 'address to bind (default: 127.0.0.1)')
  .option('--data <folder>', 'keep the database and volumes in this folder')
  .option('--seed <name>', "'demo': about a million rows to query", seedName)
  .option('--token <token>', 'token that clients must send (default: a random one)')
  .option('--tls-cert <file>', 'certificate (PEM) to serve with')
  .option('--tls-key <file>', 'its private key (PEM)')
  .option('--admin-token <token>', 'allow scripting faults over HTTP with this token')
  .option('--verbose', 'one line per request on stderr')
  .action((flags: Flags) => serve(flags));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
