import https from 'node:https';
import { toHostKey } from '../../../lib/model/connection';
import type { ConnectionInfo, RecordOrigin } from '../../../lib/telemetry/types';
import { connectionInfo } from './telemetryRecords';
import type { TestServer } from './TestServer';

export const USER_AGENT = 'NodejsDatabricksSqlConnector/2.1.0 (app/1.0; Node.js 20.20.2)';

/** A connection to `server` with `token`; no credentials when that is undefined. */
export function originTo(
  server: Pick<TestServer, 'port' | 'ca'>,
  token: string | undefined,
  overrides: Partial<RecordOrigin> = {},
): RecordOrigin {
  const agent = new https.Agent({ keepAlive: true, ca: server.ca });
  return {
    host: toHostKey('localhost', server.port),
    hostname: 'localhost',
    port: server.port,
    authenticated: true,
    anonymousErrors: false,
    userAgent: USER_AGENT,
    headers: {},
    tls: { ca: server.ca },
    authenticate: async () => (token === undefined ? undefined : { Authorization: `Bearer ${token}` }),
    getAgent: async () => agent,
    ...overrides,
  };
}

export function connectionTo(origin: RecordOrigin): ConnectionInfo {
  return { ...connectionInfo({ useProxy: false }), origin };
}
