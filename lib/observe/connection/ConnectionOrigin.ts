import type { Agent } from 'node:http';
import type { IAuthentication, IConnectionProvider } from '../../contracts/IClientContext';
import { NO_HOST, splitHostKey, toHostKey, type HostKey, type RecordOrigin } from '../../model/connection';
import type { ConnectOptionsView } from './connectOptions';
import { toPlainHeaders } from '../../telemetry/http/requestHeaders';
import { tlsOptionsOf, type TlsConnectOptions } from './tlsOptions';

const ORG_HEADER = 'x-databricks-org-id';

/** How a connection's origin reaches what belongs to its connection, also after the connection was closed. */
export interface OriginAccess {
  getAuthProvider(): IAuthentication | undefined;
  getConnectionProvider(): IConnectionProvider | undefined;
}

interface OriginFacts extends Pick<RecordOrigin, 'authenticated' | 'anonymousErrors' | 'sender'> {
  readonly userAgent: string;
  readonly workspaceId: string | undefined;
  readonly access: OriginAccess;
}

/**
 * Where the records of one connection come from, and how requests on their behalf are made. A class, since a literal
 * with an accessor takes 15 µs each time, a tenth of what telemetry adds to `connect()`.
 */
export class ConnectionOrigin implements RecordOrigin {
  readonly host: HostKey;
  readonly hostname: string;
  readonly port: number;
  readonly authenticated: boolean;
  readonly anonymousErrors: boolean;
  readonly userAgent: string;
  readonly headers: RecordOrigin['headers'];
  readonly sender: RecordOrigin['sender'];
  /** These hold credentials: not for those who print an origin. */
  readonly #tlsOptions: TlsConnectOptions;
  readonly #hasProxy: boolean;
  readonly #access: OriginAccess;
  #tls: RecordOrigin['tls'] | undefined;

  constructor(options: ConnectOptionsView, facts: OriginFacts) {
    const { authenticated, anonymousErrors, userAgent, workspaceId, sender, access } = facts;
    // As they are now: an application may use the object of its options for something else.
    const { customCaCert, clientCert, clientKey, checkServerCertificate, proxy } = options;
    this.#tlsOptions = { customCaCert, clientCert, clientKey, checkServerCertificate };
    this.#hasProxy = proxy !== undefined;
    this.#access = access;
    this.host = toHostKey(options.host, options.port);
    if (this.host === NO_HOST) throw new TypeError('Telemetry needs the name of a host');
    const { hostname, port } = splitHostKey(this.host);
    this.hostname = hostname;
    this.port = port;
    this.authenticated = authenticated;
    this.anonymousErrors = anonymousErrors;
    this.userAgent = userAgent;
    this.sender = sender;
    this.headers = connectionHeaders(options, workspaceId);
  }

  /** Looked for at the first request of telemetry: it may take a file. */
  get tls(): RecordOrigin['tls'] {
    this.#tls ??= tlsOptionsOf(this.#tlsOptions);
    return this.#tls;
  }

  async authenticate(): Promise<Record<string, string> | undefined> {
    const provider = this.#access.getAuthProvider();
    return provider === undefined ? undefined : toPlainHeaders(await provider.authenticate());
  }

  async getAgent(): Promise<Agent | undefined> {
    const provider = this.#access.getConnectionProvider();
    if (provider === undefined && this.#hasProxy) throw new Error('no agent for the proxy');
    return provider?.getAgent();
  }
}

/** Organisation header and the application's own headers; a header of the same name from the application wins. */
function connectionHeaders(
  options: ConnectOptionsView,
  workspaceId: string | undefined,
): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, unknown>> = { ...options.customHeaders };
  // One that is not there is none; what is no text counts as the text that it has.
  const present = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  const headers = Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === ORG_HEADER);
  return workspaceId === undefined || hasOwn ? headers : { ...headers, [ORG_HEADER]: workspaceId };
}
