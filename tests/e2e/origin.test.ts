import { expect } from 'chai';
import { startConnectProxy, type ConnectProxy, type LocalWorkspace } from 'databricks-local-workspace';
import { connectTo } from './support/application';
import { SocksProxy } from './support/SocksProxy';
import { statementRows } from './support/telemetry';
import { startFreshWorkspace } from './support/workspace';

/** No name server knows it: whoever gets there has asked the proxy. */
const BEHIND_THE_PROXY = 'workspace.invalid';

describe('telemetry goes where the queries go', () => {
  let workspace: LocalWorkspace;
  let proxy: ConnectProxy;
  // Behind a proxy the driver uses neither the CA nor the check that it is given.
  const strictness = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

  before(async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    workspace = await startFreshWorkspace();
    proxy = await startConnectProxy({ resolve: () => ({ host: workspace.host, port: workspace.port }) });
  });

  after(async () => {
    if (strictness === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = strictness;
    await proxy.close();
    await workspace.close();
  });

  it('takes the proxy of the connection for every request, the first one too', async () => {
    const client = await connectTo(workspace, {
      host: BEHIND_THE_PROXY,
      port: 443,
      proxy: { protocol: 'http', host: proxy.host, port: proxy.port },
    });
    await client.flushTelemetry();
    expect(workspace.received.requests({ route: 'feature-flags' }), 'the flag was asked for').to.have.length(1);
    const session = await client.openSession();
    await (await session.executeStatement('SELECT 1')).fetchAll();
    await client.close();
    expect(statementRows(workspace)).to.have.length(1);
    expect(client.getTelemetryStats()).to.include({ lastError: undefined });
  });

  it('takes a SOCKS proxy too, which is asked for the name and given nothing else to look up', async () => {
    workspace.received.clear();
    const socks = await SocksProxy.start(workspace.port);
    const client = await connectTo(workspace, { host: 'socks.invalid', port: 443, proxy: socks.settings });
    const session = await client.openSession();
    await (await session.executeStatement('SELECT 1')).fetchAll();
    await client.close();
    await socks.close();
    expect(new Set(socks.asked)).to.deep.equal(new Set(['socks.invalid:443']));
    expect(statementRows(workspace)).to.have.length(1);
    expect(client.getTelemetryStats()).to.include({ collected: 3, delivered: 3, lastError: undefined });
  });
});
