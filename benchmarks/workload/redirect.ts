import https from 'node:https';

/** How to reach a local workspace. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

/** The official telemetry refuses loopback names, and knows port 443 only. */
const DOMAIN = 'workspace.test';

type Connect = (this: https.Agent, options: Record<string, unknown>, ...rest: unknown[]) => unknown;

let target: Settings | undefined;

/** From now on each connection of this process to a name under `workspace.test` reaches the workspace of `settings`. */
export function redirectTo(settings: Settings): void {
  if (target === undefined) patchAgent();
  target = settings;
}

let made = 0;

/** Options for a connection to a host that this process has not heard of: nothing is known of its flag or its health. */
export function newHost(settings: Settings): Settings & { readonly checkServerCertificate: false } {
  redirectTo(settings);
  made += 1;
  return { ...settings, host: `w${process.pid}-${made}.${DOMAIN}`, checkServerCertificate: false };
}

function patchAgent(): void {
  const agent = https.Agent.prototype as unknown as { createConnection: Connect };
  const original = agent.createConnection;
  agent.createConnection = function (options, ...rest) {
    const name = String(options['host'] ?? options['hostname']);
    if (target === undefined || !name.endsWith(`.${DOMAIN}`)) return original.call(this, options, ...rest);
    const { host, port } = target;
    return original.call(this, { ...options, host, port, servername: 'localhost' }, ...rest);
  };
}
