import os from 'node:os';
import tls from 'node:tls';
import { expect } from 'chai';
import { DBSQLClient } from '@databricks/sql';
import type { ConnectionOptions } from '@databricks/sql/dist/contracts/IDBSQLClient';
import type { ClientConfig, IAuthentication, IConnectionProvider } from '../../../../lib/contracts/IClientContext';
import { describeConnection, workspaceIdOf } from '../../../../lib/observe/connection/connectionInfo';
import { driverUserAgent, driverVersion } from '../../../../lib/observe/connection/driverPackage';
import { resolveConfiguration } from '../../../../lib/model/options';
import type { ConnectionInfo } from '../../../../lib/telemetry/types';

const OPTIONS = { host: 'Workspace.test', path: '/sql/1.0/warehouses/abc', token: 'secret' };
const CONFIG = new DBSQLClient({ logger: { log: () => undefined } }).getConfig() as ClientConfig;

interface Given {
  readonly config?: object;
  readonly authenticated?: boolean;
  readonly authProvider?: IAuthentication;
  readonly provider?: Pick<IConnectionProvider, 'getAgent'>;
}

function describeWith(options: object, given: Given = {}): ConnectionInfo {
  return describeConnection(
    { ...OPTIONS, ...options } as ConnectionOptions,
    { ...CONFIG, ...given.config } as ClientConfig,
    resolveConfiguration({ ...given.config, telemetryAuthenticatedExport: given.authenticated ?? true }),
    [],
    {
      getAuthProvider: () => given.authProvider,
      getConnectionProvider: () => given.provider as IConnectionProvider | undefined,
    },
  );
}

describe('workspaceIdOf', () => {
  const table = [
    ['/sql/1.0/warehouses/abc?o=1234', '1234'],
    ['/sql/1.0/warehouses/abc?x=1&o=1234&y=2', '1234'],
    ['sql/protocolv1/o/1234/0123-456', '1234'],
    ['/sql/protocolv1/o/1234', '1234'],
    ['/sql/protocolv1/o/1234/cluster?o=99', '99'],
    ['/sql/protocolv1/o/1234/cluster?o=name', '1234'],
    ['/sql/1.0/warehouses/abc?o=tenant', undefined],
    ['/sql/1.0/warehouses/abc?o=', undefined],
    ['/sql/1.0/warehouses/abc?foo=1', undefined],
    ['/sql/foo/1234/x', undefined],
    ['', undefined],
  ] as const;
  for (const [httpPath, id] of table) {
    it(`finds ${String(id)} in ${JSON.stringify(httpPath)}`, () => {
      expect(workspaceIdOf(httpPath)).to.equal(id);
    });
  }
});

describe('describeConnection: configuration facts', () => {
  const facts = (options: object = {}, given?: Given) => describeWith(options, given).driverConfig;

  it('names neither script nor application by what looks like a credential', () => {
    const { argv } = process;
    const [node = ''] = argv;
    const named = (script: string, userAgentEntry: string): unknown[] => {
      process.argv = [node, `/jobs/${script}.js`];
      const { processName, clientAppName } = facts({ userAgentEntry });
      return [processName, clientAppName];
    };
    try {
      expect(named('nightly', 'reports')).to.deep.equal(['nightly', 'reports']);
      expect(named('dapi0123456789abcdef', 'AKIAIOSFODNN7EXAMPLE')).to.deep.equal([undefined, undefined]);
    } finally {
      process.argv = argv;
    }
  });

  it('names this machine, runtime and driver', () => {
    expect(facts()).to.include({
      driverVersion,
      driverName: 'nodejs-sql-driver',
      runtimeName: 'Node.js',
      runtimeVersion: process.version,
      osName: process.platform,
      osVersion: os.release(),
      osArch: os.arch(),
      charSetEncoding: 'UTF-8',
    });
  });

  const authentications = [
    [{}, 'pat', 'PAT', 'TOKEN_PASSTHROUGH'],
    [{ authType: 'access-token' }, 'pat', 'PAT', 'TOKEN_PASSTHROUGH'],
    [{ authType: 'databricks-oauth' }, 'external-browser', 'OAUTH', 'BROWSER_BASED_AUTHENTICATION'],
    [{ authType: 'databricks-oauth', oauthClientSecret: 's' }, 'oauth-m2m', 'OAUTH', 'CLIENT_CREDENTIALS'],
    [{ authType: 'token-provider' }, 'token-provider', 'OAUTH', 'TOKEN_PASSTHROUGH'],
    [{ authType: 'external-token' }, 'external-token', 'OAUTH', 'TOKEN_PASSTHROUGH'],
    [{ authType: 'static-token' }, 'static-token', 'OAUTH', 'TOKEN_PASSTHROUGH'],
    [{ authType: 'custom' }, 'custom', 'OTHER', undefined],
    [{ authType: 'of-a-newer-driver' }, 'custom', 'OTHER', undefined],
  ] as const;
  for (const [options, authType, authMech, authFlow] of authentications) {
    it(`calls ${JSON.stringify(options)} ${authType}, ${authMech}, ${String(authFlow)}`, () => {
      expect(facts(options)).to.include({ authType, authMech, authFlow });
    });
  }

  const fromOptions = [
    [{}, { hostUrl: 'workspace.test', port: 443, httpPath: '/sql/1.0/warehouses/abc', mode: 'THRIFT' }],
    [{}, { useProxy: false, proxyHost: undefined, proxyPort: undefined, selfSignedAllowed: false }],
    [{}, { clientAppName: undefined, socketTimeoutSeconds: 900 }],
    [{ port: 8443 }, { port: 8443 }],
    [{ useKernel: true }, { mode: 'SEA' }],
    [{ userAgentEntry: 'app/1.0' }, { clientAppName: 'app/1.0' }],
    [{ proxy: { host: 'proxy.test', port: 3128 } }, { useProxy: true, proxyHost: 'proxy.test', proxyPort: 3128 }],
    [{ checkServerCertificate: false }, { selfSignedAllowed: true }],
    [{ checkServerCertificate: true }, { selfSignedAllowed: false }],
    [{ socketTimeout: 61_400 }, { socketTimeoutSeconds: 61 }],
  ] as const;
  for (const [options, expected] of fromOptions) {
    it(`reports ${JSON.stringify(expected)} for the options ${JSON.stringify(options)}`, () => {
      expect(facts(options)).to.deep.include(expected);
    });
  }

  const fromConfig = [
    [{ arrowEnabled: false }, { arrowEnabled: false }],
    [{ arrowEnabled: undefined }, { arrowEnabled: true }],
    [{ useCloudFetch: false }, { cloudFetchEnabled: false }],
    [{ useLZ4Compression: false }, { lz4Enabled: false }],
    [{ useArrowNativeTypes: false }, { complexTypesEnabled: false }],
    [{ useArrowNativeTypes: undefined }, { complexTypesEnabled: true }],
    [{ enableMetricViewMetadata: true }, { metricViewMetadataEnabled: true }],
    [{ enableMetricViewMetadata: false }, { metricViewMetadataEnabled: false }],
    [{}, { metricViewMetadataEnabled: false, directResultsEnabled: true, asyncPollIntervalMs: 100 }],
    [{ socketTimeout: 30_000 }, { socketTimeoutSeconds: 30 }],
    [{ fetchChunkDefaultMaxRows: 7 }, { rowsFetchedPerBlock: 7 }],
    [{ retryMaxAttempts: 9 }, { retryMaxAttempts: 9 }],
    [{ retriesTimeout: 7 }, { retryTimeoutMs: 7 }],
    [
      { retryDelayMin: 5, retryDelayMax: 6 },
      { retryDelayMinMs: 5, retryDelayMaxMs: 6 },
    ],
    [{ cloudFetchConcurrentDownloads: 3 }, { cloudFetchConcurrentDownloads: 3 }],
  ] as const;
  for (const [config, expected] of fromConfig) {
    it(`reports ${JSON.stringify(expected)} for the configuration ${JSON.stringify(config)}`, () => {
      expect(facts({}, { config })).to.deep.include(expected);
    });
  }

  describe('from the process', () => {
    const { argv } = process;

    afterEach(() => {
      process.argv = argv;
    });

    it('takes the name of the program without folder and extension', () => {
      process.argv = ['node', '/home/somebody/app/server.test.js'];
      expect(facts().processName).to.equal('server.test');
      process.argv = ['node'];
      expect(facts().processName).to.equal(undefined);
    });
  });

  it('cannot be changed', () => {
    const info = describeWith({});
    expect(info).to.be.frozen;
    expect(info.driverConfig).to.be.frozen;
  });
});

describe('describeConnection: the origin of records', () => {
  const origin = (options: object = {}, given?: Given) => describeWith(options, given).origin;

  it('is the host of the queries in its one spelling, with its port', () => {
    expect(origin({ host: 'https://Workspace.test/' })).to.include({
      host: 'workspace.test',
      hostname: 'workspace.test',
    });
    expect(origin({ port: 8443 })).to.include({ host: 'workspace.test:8443', port: 8443 });
  });

  it('exports as the connection was told to', () => {
    expect(origin().authenticated).to.equal(true);
    expect(origin({}, { authenticated: false }).authenticated).to.equal(false);
  });

  it('has the User-Agent of the queries', () => {
    expect(origin({ userAgentEntry: 'app/1.0' }).userAgent).to.equal(driverUserAgent('app/1.0'));
    expect(origin({ clientId: 'old/1.0' }).userAgent).to.equal(driverUserAgent('old/1.0'));
    expect(origin({ clientId: 'old/1.0', userAgentEntry: 'app/1.0' }).userAgent).to.equal(driverUserAgent('app/1.0'));
  });

  it('has the headers of the application and the organisation of the path', () => {
    const path = '/sql/1.0/warehouses/abc?o=1234';
    expect(origin().headers).to.deep.equal({});
    expect(origin({ path }).headers).to.deep.equal({ 'x-databricks-org-id': '1234' });
    expect(origin({ path, customHeaders: { 'x-a': 'b' } }).headers).to.deep.equal({
      'x-a': 'b',
      'x-databricks-org-id': '1234',
    });
    const own = { 'X-Databricks-Org-Id': '5' };
    expect(origin({ path, customHeaders: own }).headers).to.deep.equal(own);
    const odd = { 'x-number': 5, 'x-list': ['a', 'b'], 'x-none': undefined, 'x-null': null };
    expect(origin({ customHeaders: odd as never }).headers).to.deep.equal({ 'x-number': '5', 'x-list': 'a,b' });
  });

  describe('TLS', () => {
    const extra = process.env['NODE_EXTRA_CA_CERTS'];

    afterEach(() => {
      if (extra === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
      else process.env['NODE_EXTRA_CA_CERTS'] = extra;
    });

    it('adds the CA of the application to those of Node.js', () => {
      delete process.env['NODE_EXTRA_CA_CERTS'];
      expect(origin({ customCaCert: 'PEM' }).tls).to.deep.equal({ ca: [...tls.rootCertificates, 'PEM'] });
    });

    it('keeps what NODE_EXTRA_CA_CERTS adds, as the driver does', () => {
      process.env['NODE_EXTRA_CA_CERTS'] = __filename;
      expect(origin({ customCaCert: 'PEM' }).tls.ca).to.have.length(tls.rootCertificates.length + 2);
      process.env['NODE_EXTRA_CA_CERTS'] = '/no/such/file';
      expect(origin({ customCaCert: 'PEM' }).tls.ca).to.have.length(tls.rootCertificates.length + 1);
    });

    it('has what the options say, and nothing else', () => {
      expect(origin().tls).to.deep.equal({});
      expect(origin({ clientCert: 'CERT', clientKey: 'KEY' }).tls).to.deep.equal({ cert: 'CERT', key: 'KEY' });
      expect(origin({ checkServerCertificate: false }).tls).to.deep.equal({ rejectUnauthorized: false });
      expect(origin({ checkServerCertificate: true }).tls).to.deep.equal({ rejectUnauthorized: true });
    });
  });

  it('asks for credentials when they are needed, in whatever form they come', async () => {
    const authProvider = { authenticate: async () => new Map([['Authorization', 'Bearer now']]) as never };
    expect(await origin({}, { authProvider }).authenticate()).to.deep.equal({ Authorization: 'Bearer now' });
    expect(await origin().authenticate()).to.equal(undefined);
  });

  it('takes the agent of the connection', async () => {
    const agent = new (await import('node:https')).Agent();
    expect(await origin({}, { provider: { getAgent: async () => agent } }).getAgent()).to.equal(agent);
  });

  it('goes without an agent before there is one, but never around a proxy', async () => {
    expect(await origin().getAgent()).to.equal(undefined);
    const behindProxy = origin({ proxy: { host: 'proxy.test', port: 3128 } });
    const thrown: unknown = await behindProxy.getAgent().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error);
  });
});
