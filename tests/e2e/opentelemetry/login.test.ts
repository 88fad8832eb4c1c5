import { expect } from 'chai';
import { startConnectProxy, type LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';
import { inSession, query } from '../support/application';
import { CLIENT, Tracing } from '../support/tracing';
import { startFreshWorkspace } from '../support/workspace';

const robot = { clientId: 'robot', clientSecret: 'secret-of-the-robot' };

describe('requests with which the driver logs in', () => {
  const { NODE_TLS_REJECT_UNAUTHORIZED: checksCertificates } = process.env;
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ tokens: [{ name: 'robot', ...robot }] });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  });

  afterEach(async () => {
    if (checksCertificates === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = checksCertificates;
    await tracing.stop();
    await workspace.close();
  });

  /** Paths of the spans that HTTP made of a query after a login with OAuth. */
  async function pathsWith(suppressInternalInstrumentation: boolean): Promise<string[]> {
    tracing = await Tracing.start([new DatabricksSqlInstrumentation({ suppressInternalInstrumentation })]);
    // The driver knows the OAuth endpoints of a cloud host only.
    const proxy = await startConnectProxy({ resolve: () => ({ host: '127.0.0.1', port: workspace.port }) });
    try {
      const options = {
        telemetryEnabled: false,
        host: 'local.cloud.databricks.com',
        port: 443,
        authType: 'databricks-oauth',
        oauthClientId: robot.clientId,
        oauthClientSecret: robot.clientSecret,
        proxy: { protocol: 'http', host: proxy.host, port: proxy.port },
      } as Partial<ConnectionOptions>;
      await tracing.inSpan('request of a user', () => inSession(workspace, (session) => query(session), options));
    } finally {
      await proxy.close();
    }
    const statements = (await tracing.ours()).filter(({ kind }) => kind === CLIENT);
    expect(statements).to.have.length(1);
    return (await tracing.requests()).map(({ path }) => path);
  }

  it('are spans like its others', async () => {
    expect((await pathsWith(false)).join()).to.contain('/oidc/');
  });

  it('are no spans with suppressInternalInstrumentation', async () => {
    expect(await pathsWith(true)).to.deep.equal([]);
  });
});
