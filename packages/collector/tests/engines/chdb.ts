import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ClickHouseServer {
  readonly url: string;
  readonly password: string;
  end(): Promise<void>;
}

/** Where chdb (ClickHouse as a package of 550 MB) is installed: in the folder of `CHDB`, or not at all. */
export function chdbPath(): string | undefined {
  const folder = process.env['CHDB'];
  if (folder === undefined) return undefined;
  try {
    return createRequire(join(folder, 'index.js')).resolve('chdb');
  } catch {
    return undefined;
  }
}

export async function startClickHouse(chdb: string): Promise<ClickHouseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'chdb-'));
  const password = "it's a secret";
  const child = spawn(process.execPath, [join(__dirname, 'chdbServer.mjs'), chdb, folder, password], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    password,
    async end() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
