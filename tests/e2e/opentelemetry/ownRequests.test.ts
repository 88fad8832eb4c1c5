import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { inSession, query } from '../support/application';
import { statementRows } from '../support/telemetry';
import { Tracing } from '../support/tracing';
import { startFreshWorkspace } from '../support/workspace';

describe('requests of telemetry itself', () => {
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    tracing = await Tracing.start();
  });

  afterEach(async () => {
    await tracing.stop();
    await workspace.close();
  });

  it('are no spans of instrumented HTTP, while the driver’s are', async () => {
    await tracing.inSpan('request of a user', () => inSession(workspace, (session) => query(session)));
    expect(statementRows(workspace)).to.have.length(1);
    expect(workspace.received.requests({ route: 'feature-flags' })).not.to.be.empty;
    const paths = (await tracing.requests()).map(({ path }) => path);
    expect(paths).to.include(workspace.path.split('?')[0]);
    expect(paths.filter((path) => !path.startsWith('/sql/1.0/'))).to.deep.equal([]);
  });

  it('carry no trace context', async () => {
    await tracing.inSpan('request of a user', () => inSession(workspace, (session) => query(session)));
    const requests = workspace.received.telemetryRequests();
    expect(requests.length).to.be.greaterThan(0);
    for (const { request } of requests) expect(request.headers).not.to.have.property('traceparent');
  });
});
